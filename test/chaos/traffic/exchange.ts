import type { Directive } from '../provider/directive.ts';

/** One request to be made. */
export interface Exchange {
  readonly directive: Directive;
  readonly origin: string;
  /** Aborts when the request has to be over. */
  readonly signal: AbortSignal;
}

/** The end of a request, see `Ending`. */
export interface Verdict {
  readonly outcome: string;
  readonly detail?: string;
}

/** Returns the verdict about an answer with an error. */
export function failureOf(status: number, text: string): Verdict {
  try {
    const { error } = JSON.parse(text) as {
      readonly error: { readonly code: string | null; readonly message: string };
    };
    return { outcome: `${status} ${error.code}`, detail: error.message };
  } catch {
    return { outcome: 'wrong', detail: `${status} ${text.slice(0, 200)}` };
  }
}
