import type { Directive } from '../provider/directive.ts';
import { piecesOf } from '../provider/directive.ts';
import type { Random } from '../random.ts';
import type { Answer } from './http-call.ts';
import type { Vault } from './vault.ts';

/** One request to be made. */
export interface Exchange {
  readonly directive: Directive;
  readonly origin: string;
  readonly token: string;
  /** Tokens of all callers. */
  readonly tokens: readonly string[];
  readonly random: Random;
  readonly vault: Vault;
  /** Aborts when the request has to be over. */
  readonly signal: AbortSignal;
}

/** The end of a request, see `Ending`. */
export interface Verdict {
  readonly outcome: string;
  readonly detail?: string;
  /** Seconds, as the headers of an error say. */
  readonly retryAfter?: number | undefined;
  /** The header `x-should-retry` of an error. */
  readonly shouldRetry?: string | undefined;
  /** Steps of the model that had ended before the request which this error answers; 0 by default. */
  readonly stepsBefore?: number;
  /** Requests that stand for one answer and may each ask the model; 1 by default. */
  readonly attempts?: number;
}

export const CHAOS_MODEL = 'gpt-5.5';

/** Returns the verdict about an answer with an error. */
export function failureOf({ status, text, retryAfter, shouldRetry }: Answer): Verdict {
  try {
    const { error } = JSON.parse(text) as {
      readonly error: { readonly code: string | null; readonly message: string };
    };
    return { outcome: `${status} ${error.code}`, detail: error.message, retryAfter, shouldRetry };
  } catch {
    return { outcome: 'wrong', detail: `${status} ${text.slice(0, 200)}` };
  }
}

/** Returns the verdict about a whole answer. */
export function judgeText(text: string, directive: Directive): Verdict {
  const isRight = text === piecesOf(directive).join('');
  return isRight ? { outcome: 'ok' } : { outcome: 'wrong', detail: `said ${text.slice(0, 200)}` };
}

/** Returns the verdict about an answer that failed after it had begun. */
export function judgePart(text: string, directive: Directive, code: string | null | undefined): Verdict {
  const isPart = piecesOf(directive).join('').startsWith(text);
  return isPart
    ? { outcome: `200 ${code}` }
    : { outcome: 'wrong', detail: `said ${text.slice(0, 200)} before ${code}` };
}
