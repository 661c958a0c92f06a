import { GatewayError } from '../../base/errors.ts';
import type { LogFields } from '../../base/log.ts';
import { probe, type Obstacle } from './probe.ts';

/** Begin of the message for a provider to which no connection came about. */
export const UNREACHED = 'The model provider cannot be reached';

/** Milliseconds for which what was found out holds: many requests fail at once. */
const KEPT = 5_000;

export interface DiagnosisOptions {
  /** Undefined where Codex chooses OpenAI's own. */
  readonly baseUrl: string | undefined;
  /** The child's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Returns undefined for an error that needs no explanation; else the same error with the cause, which Codex does not tell. */
export type Diagnose = (error: unknown) => Promise<GatewayError> | undefined;

export function createDiagnosis({
  baseUrl = 'https://chatgpt.com',
  environment,
}: DiagnosisOptions): Diagnose {
  let latest: { readonly found: Promise<Obstacle | undefined>; readonly until: number } | undefined;

  async function explain(error: GatewayError): Promise<GatewayError> {
    const now = performance.now();
    if (latest === undefined || latest.until < now) {
      latest = { found: probe(baseUrl, environment), until: now + KEPT };
    }
    const obstacle = await latest.found;
    if (obstacle === undefined) return withCause(error, '', { network: 'reachable a moment later' });
    const { why, code, place } = obstacle;
    return withCause(error, `: ${why}`, { network: code, place });
  }

  return (error) =>
    error instanceof GatewayError && error.message === `${UNREACHED}.` ? explain(error) : undefined;
}

function withCause({ code, detail }: GatewayError, cause: string, facts: LogFields): GatewayError {
  return new GatewayError(code, `${UNREACHED}${cause}.`, { ...detail, facts: { ...detail.facts, ...facts } });
}
