import type { ErrorCode } from '../../base/errors.ts';
import type { ObservedFailure } from '../../base/observation.ts';
import { REMEDIES } from './remedies.ts';

interface Explanation {
  /** A sentence that says why the request failed. */
  readonly message: string;
  /** Advice to the person who runs the gateway; null where nothing helps. */
  readonly remedy: string | null;
}

/** Explains why a request for a path has not succeeded. */
export function explainEnd(failure: ObservedFailure | undefined, outcome: string, path: string): Explanation {
  if (failure?.kind === 'unknown_url' && hasRightBase(path)) {
    return { message: failure.problem, remedy: NOT_OFFERED };
  }
  if (failure !== undefined) return { message: failure.problem, remedy: REMEDIES[failure.kind] };
  return ENDS[outcome] ?? { message: PASSED_ON, remedy: remedyOf(outcome) };
}

/** Returns true for a path whose beginning is as it should be, so that the base URL of the client is right. */
function hasRightBase(path: string): boolean {
  return /^\/v1\/(?!v1(?:\/|$))/.test(path);
}

const NOT_OFFERED =
  'The base URL is right, but the gateway does not have this path. Let the client do without what it asks for there, or let another server do that.';

/** Ends without an error. */
const ENDS: Readonly<Record<string, Explanation>> = {
  client_gone: {
    message: 'The client closed the connection before the answer was complete.',
    remedy:
      'Mostly a person has stopped it. If not, look for a timeout in the client: answers of models can take minutes.',
  },
};

const PASSED_ON = 'The answer came from another server as it is, and is an error.';

function remedyOf(outcome: string): string | null {
  return REMEDIES[KINDS[outcome] ?? (outcome as ErrorCode)] ?? null;
}

/** Kinds of failures behind codes of the wire. */
const KINDS: Readonly<Record<string, ErrorCode>> = { rate_limit_exceeded: 'rate_limited' };
