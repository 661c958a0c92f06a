import { messageOf } from '../../base/errors.ts';
import { figuresSchema, type StatusFigures } from '../codex/status.ts';
import { formatOrigin } from '../config/address.ts';
import type { Environment, Flags } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import { findTarget, tokenUnknown, type Target } from '../gateways/find-target.ts';

/** The state of a gateway; figures are null if it runs and does not tell them. */
export type GatewayReport = { readonly running: false } | ({ readonly running: true } & RunningReport);

interface RunningReport {
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  readonly version: string | null;
  readonly address: string;
  readonly account: string | null;
  readonly limits: StatusFigures['limits'];
  readonly turns: StatusFigures['turns'] | null;
  readonly last_hour: StatusFigures['last_hour'] | null;
  readonly memory: StatusFigures['memory'] | null;
}

export interface StatusInquiry {
  readonly report: GatewayReport;
  /** Says why figures are missing. */
  readonly problem?: string;
}

/** Milliseconds for the figures; a gateway that is stuck or still starts is reported without them. */
const PATIENCE_MS = 5_000;

/** Finds the running gateway of this user and asks it for its figures. */
export async function inquireStatus(
  flags: Flags,
  environment: Environment,
  signal: AbortSignal,
): Promise<StatusInquiry> {
  const { settings, running } = await findTarget(flags, environment);
  if (running === undefined) return { report: { running: false } };
  const { pid, since, host, port } = running;
  const known = {
    running: true as const,
    pid,
    since: new Date(since).toISOString(),
    address: formatOrigin(host, port),
  };
  try {
    const { version, account, limits, turns, last_hour, memory } = await readFigures(
      settings,
      running,
      signal,
    );
    return { report: { ...known, version, account, limits, turns, last_hour, memory } };
  } catch (error) {
    signal.throwIfAborted();
    const nothing = { version: null, account: null, limits: [], turns: null, last_hour: null, memory: null };
    return { report: { ...known, ...nothing }, problem: messageOf(error) };
  }
}

async function readFigures(
  settings: Target['settings'],
  running: NonNullable<Target['running']>,
  signal: AbortSignal,
): Promise<StatusFigures> {
  if (!settings.token) throw tokenUnknown(running);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const gateway = await findGateway({ settings, running }, patience);
  const figures = await gateway?.ask('/status', figuresSchema);
  if (figures === undefined) throw tokenUnknown(running);
  return figures;
}
