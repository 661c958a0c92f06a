import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import { RpcError } from '../protocol/rpc-error.ts';

/** Refusals of the app-server that callers can do something about. Its own words may contain paths. */
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
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.failure === 'refused') throw refusal(error);
    const message = 'Codex is not available at the moment. Try again.';
    throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 5 });
  }
}

function refusal(error: RpcError): GatewayError {
  const [, code, message] = REFUSALS.find(([pattern]) => pattern.test(error.message)) ?? [
    undefined,
    'invalid_request' as const,
    `Codex refuses ${error.method}. The log says why.`,
  ];
  return new GatewayError(code, message, { cause: error });
}
