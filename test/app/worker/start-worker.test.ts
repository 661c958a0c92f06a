import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { expect, it } from 'vitest';
import { startWorker } from '../../../src/app/worker/start-worker.ts';

const ENTRY = new URL(`data:text/javascript,
  import { getCompileCacheDir } from 'node:module';
  import { parentPort } from 'node:worker_threads';
  parentPort.postMessage({ names: Object.keys(process.env), cache: getCompileCacheDir() });
`);

it('a thread sees nothing of the environment, and shares the compiled code that this process keeps', async () => {
  const worker = startWorker(ENTRY, 50);
  const [told] = (await once(worker, 'message')) as [unknown];
  await worker.terminate();
  expect(told).toEqual({ names: ['NODE_COMPILE_CACHE'], cache: getCompileCacheDir() });
});
