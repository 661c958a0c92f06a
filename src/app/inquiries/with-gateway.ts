import { formatOrigin } from '../config/address.ts';
import { startGateway } from '../compose.ts';
import type { Environment, Flags, Settings } from '../config/config.ts';
import { findTarget } from '../gateways/find-target.ts';
import { tokenUnknown } from '../gateways/find-target.ts';
import { SILENT } from '../log/observer.ts';

export interface WithGatewayOptions {
  readonly flags: Flags;
  readonly environment: Environment;
  readonly demo: boolean;
  readonly signal: AbortSignal;
}

/** Address of a gateway. */
export interface Address {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
}

/**
 * Runs `use` with the running gateway, or with one that is started for it on a free port and ended afterwards. The
 * demo is always started.
 */
export async function withGateway<T>(
  options: WithGatewayOptions,
  use: (address: Address) => Promise<T>,
): Promise<T> {
  const { settings, address } = await findAddress(options);
  return await (address ? use(address) : withOwnGateway(settings, options, use));
}

/** Finds the running gateway; the demo's address is always undefined. Rejects with a `StartupError` if its token is unknown. */
export async function findAddress({
  flags,
  environment,
  demo,
}: WithGatewayOptions): Promise<{ readonly settings: Settings; readonly address: Address | undefined }> {
  const { settings, running } = await findTarget(flags, environment);
  if (running === undefined || demo) return { settings, address: undefined };
  const { host, port, token } = settings;
  if (token) return { settings, address: { origin: formatOrigin(host, port), token: token.value } };
  throw tokenUnknown(running);
}

/** Runs `use` with a gateway that is started for it on a free port, and ended afterwards. */
export async function withOwnGateway<T>(
  settings: Settings,
  { environment, demo, signal }: WithGatewayOptions,
  use: (address: Address) => Promise<T>,
): Promise<T> {
  const gateway = await startGateway({
    settings: { ...settings, host: '127.0.0.1', port: 0, token: undefined, store: false },
    environment,
    observer: SILENT,
    demo,
    isPrivate: true,
    signal,
  });
  try {
    return await use(gateway);
  } finally {
    await gateway.close(AbortSignal.abort());
  }
}
