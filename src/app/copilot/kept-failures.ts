import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';

/**
 * Failures of the adapter on their way through Codex, which passes on the body of a refusal and nothing else of it: they are
 * kept here, and the body has a code by which they are found.
 */
export interface KeptFailures {
  /** Keeps a failure; returns an error body for Codex. */
  keep(failure: GatewayError): string;
  /** Returns the failure that was kept if the error has its code, or else the error. */
  restore(error: unknown): unknown;
}

/** Beginning of the codes. */
const PREFIX = 'gateway_failure_';
/** Failures that are kept at once. One is not asked for if the client has gone. */
const MAX_KEPT = 1_000;

export function createKeptFailures(): KeptFailures {
  const kept = new Map<string, GatewayError>();
  return {
    keep(failure) {
      const code = createId(PREFIX);
      kept.set(code, failure);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return JSON.stringify({ error: { message: failure.message, type: 'gateway_failure', code } });
    },
    restore(error) {
      const code = error instanceof GatewayError ? error.detail.providerCode : undefined;
      const failure = code === undefined ? undefined : kept.get(code);
      if (failure === undefined) return error;
      kept.delete(code!);
      return failure;
    },
  };
}
