import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { ASKED_ADVICE } from '../../base/asked-mark.ts';
import { GatewayError, messageOf } from '../../base/errors.ts';

export type RpcFailure = 'refused' | 'timeout' | 'closed';

/** A request to the app-server that failed. Its message may quote the request, and is not for callers. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly failure: RpcFailure;
  readonly method: string;
  /** JSON-RPC error code of a refusal. */
  readonly rpcCode: number | undefined;
  /** True if the request never left the gateway. */
  readonly isUnsent: boolean;

  constructor(
    failure: RpcFailure,
    method: string,
    message: string,
    {
      rpcCode,
      isUnsent = false,
    }: { readonly rpcCode?: number | undefined; readonly isUnsent?: boolean } = {},
  ) {
    super(message);
    this.failure = failure;
    this.method = method;
    this.rpcCode = rpcCode;
    this.isUnsent = isUnsent;
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
export function toRpcError(method: string, error: unknown, isUnsent?: boolean): RpcError {
  if (error instanceof RpcError) return error;
  const closed =
    error instanceof ConnectionError || (error instanceof ResponseError && LOCAL_CODES.includes(error.code));
  if (closed) return appServerEnded(method, isUnsent);
  const rpcCode = error instanceof ResponseError ? error.code : undefined;
  return new RpcError('refused', method, messageOf(error), { rpcCode });
}

/** Creates the error of a request to an app-server that has ended. */
export function appServerEnded(method: string, isUnsent?: boolean): RpcError {
  const options = isUnsent === undefined ? {} : { isUnsent };
  return new RpcError('closed', method, `the app-server ended before it answered ${method}`, options);
}

/** Returns true if a request failed because the app-server has ended, or hung. */
export function isLost(error: unknown): error is RpcError {
  return error instanceof RpcError && error.failure !== 'refused';
}

/** JSON-RPC code with which the app-server refuses a request while too many wait on its pipe. */
const OVERLOADED = -32_001;

/** Returns the error that the caller sees when a request to the app-server fails; any other error is returned as it is. */
export function decodeRpcError(
  error: unknown,
  { mayHaveAsked, retryAfter }: LostTurn = { mayHaveAsked: false, retryAfter: 1 },
): unknown {
  if (!(error instanceof RpcError)) return error;
  if (error.failure !== 'refused') return codexLost(error, { mayHaveAsked, retryAfter });
  if (error.rpcCode === OVERLOADED) {
    const detail = { cause: error, retryAfter: 1 };
    return new GatewayError('overloaded', 'Codex has too many requests at once. Try again.', detail);
  }
  return new GatewayError('internal_error', 'Codex refused to run this request.', { cause: error });
}

export interface LostTurn {
  /** True if the model provider may have been asked: another attempt may then be paid for twice. */
  readonly mayHaveAsked: boolean;
  /** Seconds until Codex is started again. */
  readonly retryAfter: number;
}

/** Creates the error that the caller sees when the app-server ends, or hangs, before the end of a turn. */
export function codexLost(cause: RpcError, { mayHaveAsked, retryAfter }: LostTurn): GatewayError {
  const what =
    cause.failure === 'timeout'
      ? 'Codex did not answer in time.'
      : 'Codex ended before its answer was complete.';
  const advice = mayHaveAsked ? ASKED_ADVICE : 'Nothing was sent to the model provider. Try again.';
  return new GatewayError('codex_unavailable', `${what} ${advice}`, {
    cause,
    retryAfter,
    ...(mayHaveAsked && { shouldRetry: false }),
  });
}
