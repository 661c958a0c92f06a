import { withTimeout } from '../../base/async/with-timeout.ts';
import { GatewayError } from '../../base/errors.ts';
import type { BegunCall, Beginning, CallEnd, KeptResult, ToolLedger } from '../ports.ts';

/** Writes the calls down, and answers from what is written. */
export interface CallRecord {
  /** Rejects with a `GatewayError` if the beginning cannot be written; then the call must not be made. */
  begin(call: BegunCall): Promise<Beginning>;
  /** Writes the end of a call. Never rejects: its answer is right also if nobody can read of it later. */
  end(end: CallEnd, call: BegunCall): Promise<void>;
}

export interface CallRecordOptions {
  readonly ledger: ToolLedger;
  /** Called for a call that is missing from the audit. */
  onUnwritten(tool: string, error: unknown): void;
}

/** Milliseconds for which the answer to a call that has changed nothing waits for its entry. */
const PATIENCE_MS = 1_000;

/** Maximum number of entries of calls without a beginning that wait to be written. */
const MAX_WAITING = 1_000;

/** Maximum number of results that could not be written and are kept in memory. */
const MAX_UNWRITTEN = 1_000;

export function createCallRecord({ ledger, onUnwritten }: CallRecordOptions): CallRecord {
  const unwritten = new Map<string, { readonly digest: string; readonly result: KeptResult }>();
  let waiting = 0;

  async function write(end: CallEnd, call: BegunCall): Promise<void> {
    // The end of work that has begun is written in any case: a flood of refused calls cannot keep it from the audit.
    const isOptional = end.id === undefined;
    if (isOptional) waiting += 1;
    try {
      if (isOptional && waiting > MAX_WAITING)
        throw new GatewayError('storage_busy', 'Too many entries wait.');
      await ledger.end(end);
    } catch (error) {
      onUnwritten(call.entry.tool, error);
      if (end.result !== undefined) keep(call, end.result);
    } finally {
      if (isOptional) waiting -= 1;
    }
  }

  function keep({ idempotent }: BegunCall, result: KeptResult): void {
    if (idempotent === undefined) return;
    const [oldest] = unwritten.keys();
    if (unwritten.size >= MAX_UNWRITTEN) unwritten.delete(oldest!);
    unwritten.set(idOf(idempotent), { digest: idempotent.digest, result });
  }

  return {
    async begin(call) {
      const kept = call.idempotent && unwritten.get(idOf(call.idempotent));
      if (kept !== undefined) {
        const isSame = kept.digest === call.idempotent?.digest;
        return isSame ? { state: 'ended', result: kept.result } : { state: 'other-arguments' };
      }
      try {
        return await ledger.begin(call);
      } catch (error) {
        // A beginning that was written too late would keep its key from later calls.
        ledger.abandon(call.id).catch(() => {});
        throw notBegun(error);
      }
    },
    async end(end, call) {
      const written = write(end, call);
      await (end.id === undefined ? withTimeout(written, PATIENCE_MS) : written);
    },
  };
}

function idOf({ caller, tool, key }: NonNullable<BegunCall['idempotent']>): string {
  return JSON.stringify([caller, tool, key]);
}

function notBegun(cause: unknown): GatewayError {
  const why = 'The call was not made, since it could not be written into the audit first.';
  if (!(cause instanceof GatewayError)) return new GatewayError('storage_failed', why, { cause });
  return new GatewayError(cause.code, `${why} ${cause.message}`, { ...cause.detail, cause });
}
