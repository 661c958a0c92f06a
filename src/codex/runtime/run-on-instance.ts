import { isLost, RpcError } from '../protocol/rpc-error.ts';
import type { InstanceManager, ManagedInstance } from './instance-manager.ts';

export interface InstanceWork<Instance> {
  /**
   * Does the work. Whatever it throws, the model provider has not been asked for anything, and the caller has heard nothing;
   * later failures are reported otherwise.
   */
  work(instance: Instance): Promise<void>;
  /** Called before the work is done again. */
  onAgain(): void;
}

/**
 * Runs the work of a request on the instance in charge. It runs again, once, if the app-server ends or hangs during the work,
 * and on a new instance if the first turns out to have lost its home. A run in which nothing was sent to the app-server does not
 * count. The request has checked for changes already.
 */
export async function runOnInstance<Instance extends ManagedInstance>(
  manager: Pick<InstanceManager<Instance>, 'acquireUnchecked' | 'replaceLost'>,
  signal: AbortSignal,
  { work, onAgain }: InstanceWork<Instance>,
): Promise<void> {
  let runs = 0;
  for (;;) {
    const { instance, release } = await manager.acquireUnchecked(signal);
    let isHomeLost = false;
    try {
      return await work(instance);
    } catch (error) {
      signal.throwIfAborted();
      if (!isLost(error) || !error.isUnsent) runs += 1;
      isHomeLost = isRefusedThread(error) && (await instance.hasLostHome());
      if (runs > 1 || !(isLost(error) || isHomeLost)) throw error;
    } finally {
      release();
    }
    if (isHomeLost) manager.replaceLost(instance);
    onAgain();
  }
}

function isRefusedThread(error: unknown): boolean {
  return error instanceof RpcError && error.failure === 'refused' && error.method === 'thread/start';
}
