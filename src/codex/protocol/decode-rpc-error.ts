import { GatewayError } from '../../base/errors.ts';
import { RpcError } from './connection.ts';

/** The app-server's answer when too many requests wait on its pipe. */
const OVERLOADED = -32_001;

/** What the caller sees when a request to the app-server fails; anything else is handed on as it is. */
export function decodeRpcError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  if (error.failure === 'closed') return codexEnded(error);
  const detail = { cause: error, retryAfter: 1 };
  if (error.failure === 'timeout') {
    return new GatewayError('codex_unavailable', 'Codex did not react in time. Try again.', detail);
  }
  if (error.rpcCode === OVERLOADED) {
    return new GatewayError('overloaded', 'Codex has too many requests at once. Try again.', detail);
  }
  return new GatewayError('internal_error', 'Codex refused to run this request.', { cause: error });
}

export function codexEnded(cause?: unknown): GatewayError {
  const message = 'Codex ended before its answer did. Try again.';
  return new GatewayError('codex_unavailable', message, { cause, retryAfter: 1 });
}
