import type { ErrorCode, FieldProblem } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Assistant } from './tool.ts';

/** A call as the audit keeps it. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Name of the caller's key. */
  readonly key: string;
  readonly assistant: Assistant;
  /** With dots. */
  readonly tool: string;
  /** Redacted, at most 8 KB as JSON. */
  readonly arguments: JsonObject;
  readonly dryRun: boolean;
  /** True for work that may have changed something; no number of other entries displaces it. */
  readonly isChange: boolean;
  readonly requestId: string;
  readonly threadId: string | null;
  readonly turnId: string | null;
}

/** A call that has ended, as the audit keeps it. */
export interface EndedAuditEntry extends AuditEntry {
  /** `ok`, or the status of the error. */
  readonly outcome: string;
  readonly ms: number;
}

/** The result of a call in a form that can be kept. */
export type KeptResult = { readonly output: JsonObject } | { readonly error: KeptError };

interface KeptError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly retryAfter?: number | undefined;
}

/** A key under which a call can be made again without doing its work twice. */
export interface IdempotentCall {
  /** Id of the caller's key. */
  readonly caller: string;
  readonly tool: string;
  readonly key: string;
  /** Digest of the arguments, with their defaults. */
  readonly digest: string;
}

/** A call that is about to do its work. */
export interface BegunCall {
  /** Unique for each call. */
  readonly id: string;
  readonly entry: AuditEntry;
  readonly idempotent: IdempotentCall | undefined;
}

/** The answer to a call that wants to begin; only the first two let it. */
export type Beginning =
  | { readonly state: 'begun' }
  /** The process that did the work before has ended in it, or nobody waited for it any more. */
  | { readonly state: 'taken-up' }
  | { readonly state: 'running' }
  | { readonly state: 'other-arguments' }
  | { readonly state: 'ended'; readonly result: KeptResult };

export interface CallEnd {
  /** Id of a call that has begun; undefined for one that was not written before its end. */
  readonly id?: string | undefined;
  readonly entry: EndedAuditEntry;
  /** Kept under the idempotency key of the call; undefined if the next call with it takes the work up. */
  readonly result?: KeptResult | undefined;
}

/** Keeps a record of calls. Every method rejects with a `GatewayError`. */
export interface ToolLedger {
  /** Writes that a call begins, so that every change leaves a trace. */
  begin(call: BegunCall): Promise<Beginning>;
  /** Undoes the beginning of a call that was not made after all, if it was written. */
  abandon(id: string): Promise<void>;
  /** Writes the one entry of a call into the audit. */
  end(call: CallEnd): Promise<void>;
}
