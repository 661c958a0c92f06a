import { GatewayError, messageOf } from '../../base/errors.ts';
import { RpcError } from '../protocol/rpc-error.ts';

/** Turns failures of the app-server into errors for callers. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.failure === 'refused')
      throw new GatewayError('invalid_request', `Codex refuses this: ${messageOf(error)}`, { cause: error });
    const message = 'Codex is not available at the moment; try again.';
    throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 5 });
  }
}
