import type { StoresOptions } from '../../store/open-stores.ts';
import { openServedStores } from '../../store/thread/serve-stores.ts';
import type { StoreJob } from '../../store/thread/store-job.ts';
import { serveCalls } from './serve-calls.ts';

serveCalls(async (data) => {
  const { run, close } = await openServedStores(data as StoresOptions);
  return {
    run: async (job, lists) => await run({ ...(job as StoreJob), lists: lists as StoreJob['lists'] }),
    close,
  };
});
