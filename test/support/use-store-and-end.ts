import { SILENT } from '../../src/app/log/observer.ts';
import { startStoreThread } from '../../src/app/worker/store-thread.ts';
import { storedResponse } from './stored-response.ts';

/** A process that uses a store and never closes it. */
const [path = ''] = process.argv.slice(2);
const stores = await startStoreThread({ path, retention: { days: 30, count: 10_000 }, observer: SILENT });
const store = await stores.open('token', false);
await store.saveResponse(storedResponse('r'));
process.stdout.write('saved\n');
