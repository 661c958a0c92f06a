import { RpcError } from '../protocol/rpc-error.ts';
import type { InstanceManager, ManagedInstance } from './instance-manager.ts';

/**
 * Runs the work of a request on the instance in charge, and runs it again on a new instance if the first turns out to have lost
 * its home. The request has checked for changes already.
 */
export async function runOnInstance<Instance extends ManagedInstance>(
  manager: Pick<InstanceManager<Instance>, 'acquireUnchecked' | 'replaceLost'>,
  signal: AbortSignal,
  work: (instance: Instance) => Promise<void>,
): Promise<void> {
  const { instance, release } = await manager.acquireUnchecked(signal);
  try {
    return await work(instance);
  } catch (error) {
    // Without a thread, nothing of the request has been sent yet.
    if (!isRefusedThread(error) || !(await instance.hasLostHome())) throw error;
  } finally {
    release();
  }
  manager.replaceLost(instance);
  const next = await manager.acquireUnchecked(signal);
  await work(next.instance).finally(next.release);
}

function isRefusedThread(error: unknown): boolean {
  return error instanceof RpcError && error.failure === 'refused' && error.method === 'thread/start';
}
