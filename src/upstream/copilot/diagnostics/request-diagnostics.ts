import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** Follows one request. No method throws, or waits for the disk. */
export interface RequestDiagnostics {
  /** Reports how the request came; later calls have no effect. */
  inbound(request: InboundFacts): void;
  authResolved(credential: { readonly source: string; readonly bearer: string }): void;
  /**
   * Counts an attempt, which begins now.
   * @param url Its URL, without query, user and password.
   */
  attempt(url: string): void;
  rateLimited(wait: WaitFacts): void;
  /** Reports the error that the client gets; one that concerns neither GitHub nor Copilot is left out. */
  failed(error: unknown, signal: AbortSignal): void;
  /** Reports an answer, and later how its body has ended. It reads nothing of the body by itself. */
  answered(answer: AnswerFacts, signal: AbortSignal): void;
}

export interface InboundFacts {
  readonly method: string;
  /** Undefined for a path without a route. */
  readonly target: 'Models' | 'Responses' | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Undefined if the size of the body is unknown, since it was not read. */
  readonly bodyBytes: number | undefined;
  readonly body?: Buffer | undefined;
}

export interface WaitFacts {
  /** Milliseconds that were asked for. */
  readonly ms: number;
  /** Milliseconds of the wait. */
  readonly sleepMs: number;
  readonly source: string;
  readonly isTooLong: boolean;
  /** Milliseconds of earlier waits. */
  readonly earlierMs: number;
  readonly budgetMs: number;
  readonly headers: AnswerFacts['headers'];
}

export interface AnswerFacts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

const ignore = () => {};

/** Diagnostics that are switched off. */
export const SILENT_DIAGNOSTICS: RequestDiagnostics = {
  inbound: ignore,
  authResolved: ignore,
  attempt: ignore,
  rateLimited: ignore,
  failed: ignore,
  answered: ignore,
};
