import { openStores } from '../../src/store/open-stores.ts';
import { message, storedResponse } from './stored-response.ts';

/** A process that writes into the store of a file, says so, and then lives on until it is ended. */
const [path = '', deed, name = ''] = process.argv.slice(2);
const stores = await openStores({ path, retention: { days: 30, count: 10_000 } });
const store = deed === 'run' ? stores.forEphemeralToken('token') : stores.forToken('token');

if (deed === 'end' || deed === 'run') {
  await store.saveResponse(storedResponse(name));
} else if (deed === 'begin') {
  await store.saveResponse(storedResponse(name, { status: 'in_progress', background: true }));
} else {
  for (let turn = 0; turn < 200; turn += 1) {
    const id = `${name}${turn}`;
    const conversationId = 'shared';
    await store.saveResponse(storedResponse(id, { status: 'in_progress', conversationId }));
    await store.addItems(conversationId, [message(`added_${id}`, 'x'.repeat(turn * 50))]);
    await store.saveResponse(storedResponse(id, { conversationId }));
    if (turn % 10 === 9) await store.deleteResponse(`${name}${turn - 5}`);
  }
  stores.close();
}
process.stdout.write('done\n');
if (deed !== 'write') setInterval(() => {}, 1_000_000);
