import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { startWorker } from '../../../src/app/worker/start-worker.ts';

const ENTRY = new URL(`data:text/javascript,
  import { getCompileCacheDir } from 'node:module';
  import { parentPort } from 'node:worker_threads';
  parentPort.postMessage({ names: Object.keys(process.env), cache: getCompileCacheDir() });
`);

it('a thread sees nothing of the environment, and shares the compiled code that this process keeps', async () => {
  const worker = startWorker(ENTRY, 50);
  const [{ names, cache }] = (await once(worker, 'message')) as [{ names: string[]; cache: string }];
  await worker.terminate();
  expect(names).toEqual(['NODE_COMPILE_CACHE']);
  // The last part of the path names V8's flags, which an earlier test of this process may have changed.
  expect(dirname(cache)).toBe(dirname(getCompileCacheDir()!));
});
