import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { GatewayError, messageOf } from '../../base/errors.ts';

export type RpcFailure = 'refused' | 'timeout' | 'closed';

/** A request to the app-server that failed. Its message may quote the request, and is not for callers. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly failure: RpcFailure;
  readonly method: string;
  /** JSON-RPC error code of a refusal. */
  readonly rpcCode: number | undefined;

  constructor(failure: RpcFailure, method: string, message: string, rpcCode?: number) {
    super(message);
    this.failure = failure;
    this.method = method;
    this.rpcCode = rpcCode;
  }
}

/** Codes that vscode-jsonrpc gives to what failed on this side of the pipe. */
const LOCAL_CODES: readonly number[] = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  ErrorCodes.MessageReadError,
  ErrorCodes.MessageWriteError,
];

/** Returns the `RpcError` for whatever a request failed with. */
export function toRpcError(method: string, error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const closed =
    error instanceof ConnectionError || (error instanceof ResponseError && LOCAL_CODES.includes(error.code));
  if (closed) return new RpcError('closed', method, `the app-server ended before it answered ${method}`);
  const code = error instanceof ResponseError ? error.code : undefined;
  return new RpcError('refused', method, messageOf(error), code);
}

/** JSON-RPC code with which the app-server refuses a request while too many wait on its pipe. */
const OVERLOADED = -32_001;

/** Returns the error that the caller sees when a request to the app-server fails; any other error is returned as it is. */
export function decodeRpcError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  if (error.failure === 'closed') return codexEnded(error);
  const detail = { cause: error, retryAfter: 1 };
  if (error.failure === 'timeout') {
    return new GatewayError('codex_unavailable', 'Codex did not answer in time. Try again.', detail);
  }
  if (error.rpcCode === OVERLOADED) {
    return new GatewayError('overloaded', 'Codex has too many requests at once. Try again.', detail);
  }
  return new GatewayError('internal_error', 'Codex refused to run this request.', { cause: error });
}

/** Returns the error that the caller sees when the app-server ends during a turn. */
export function codexEnded(cause?: unknown): GatewayError {
  const message = 'Codex ended before its answer was complete. Try again.';
  return new GatewayError('codex_unavailable', message, { cause, retryAfter: 1 });
}
