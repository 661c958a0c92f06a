import { RpcError } from '../protocol/connection.ts';
import type { Generation } from './generation.ts';
import type { Renewal } from './renewal.ts';

/** Runs a turn on the generation in charge, and once more on a new one if the first turns out to have lost its home. */
export async function runOnGeneration(
  renewal: Renewal,
  signal: AbortSignal,
  run: (generation: Generation) => Promise<void>,
): Promise<void> {
  // The turn's model was looked up a moment ago, with a look at the login.
  const { generation, release } = await renewal.take(signal, true);
  try {
    return await run(generation);
  } catch (error) {
    // Without a thread, nothing of the turn has gone out yet.
    if (!isRefusedThread(error) || !(await generation.hasLostHome())) throw error;
  } finally {
    release();
  }
  await renewal.replaceLost(generation);
  const next = await renewal.take(signal, true);
  await run(next.generation).finally(next.release);
}

function isRefusedThread(error: unknown): boolean {
  return error instanceof RpcError && error.failure === 'refused' && error.method === 'thread/start';
}
