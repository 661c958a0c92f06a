import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { cleanCause } from './clean-cause.ts';
import { RpcError } from '../protocol/rpc-error.ts';

/** Refusals of the app-server that have words of their own. */
const REFUSALS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /no rollout found|invalid session id|thread not found/,
    'thread_not_found',
    'There is no such Codex thread.',
  ],
  [
    /no active turn to steer|expected active turn id/,
    'invalid_request',
    'No turn is running that takes a further message.',
  ],
  [/cannot steer|not steerable/i, 'invalid_request', 'The turn that is running takes no further message.'],
  [
    /model provider .* no longer configured/,
    'provider_key_missing',
    'The thread needs the provider with which it was started, and its key.',
  ],
];

/** Turns failures of the app-server into errors for callers. */
export async function explained<T>(observer: Observer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const { method, failure, rpcCode: code } = error;
    observer.observe({ type: 'rpc-failed', method, failure, code });
    if (failure === 'refused') throw refusal(error);
    const message = 'Codex is not available at the moment. Try again.';
    throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 5 });
  }
}

function refusal(error: RpcError): GatewayError {
  const [, code, message] = REFUSALS.find(([pattern]) => pattern.test(error.message)) ?? quoteRefusal(error);
  return new GatewayError(code, message, { cause: error });
}

const CONFIGURATION = /^failed to load configuration: /;

function quoteRefusal({ message, method }: RpcError): readonly [undefined, ErrorCode, string] {
  const cause = cleanCause(message.replace(CONFIGURATION, '')).replace(/[.:\s]+$/, '');
  const end = cause === '' ? '.' : `: ${cause}.`;
  return CONFIGURATION.test(message)
    ? [undefined, 'codex_unavailable', `Codex cannot load the user's configuration${end}`]
    : [undefined, 'invalid_request', `Codex refuses ${method}${end}`];
}
