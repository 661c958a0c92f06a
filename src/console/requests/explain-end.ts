import type { ErrorCode } from '../../base/errors.ts';
import type { ObservedFailure } from '../../base/observation.ts';
import { REMEDIES } from './remedies.ts';

interface Explanation {
  /** A sentence that says why the request failed. */
  readonly message: string;
  /** Advice to the person who runs the gateway; null where nothing helps. */
  readonly remedy: string | null;
}

/** Explains why a request has not succeeded. */
export function explainEnd(failure: ObservedFailure | undefined, outcome: string): Explanation {
  if (failure !== undefined) return { message: failure.problem, remedy: REMEDIES[failure.kind] };
  return ENDS[outcome] ?? { message: PASSED_ON, remedy: remedyOf(outcome) };
}

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
