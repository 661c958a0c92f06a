import { openStores } from '../../src/store/open-stores.ts';
import { message, storedResponse } from './stored-response.ts';
import { someEvents, storedSession } from './stored-session.ts';

/** A process that writes into the store of a file, says so, and then lives on until it is ended. */
const [path = '', deed, name = ''] = process.argv.slice(2);
const stores = await openStores({ path, retention: { days: 30, count: 10_000 } });
const sessions = stores.sessionsFor('token', false);
const store = deed === 'run' ? stores.forEphemeralToken('token') : stores.forToken('token');

if (deed === 'end' || deed === 'run') {
  await store.saveResponse(storedResponse(name));
} else if (deed === 'begin') {
  await store.saveResponse(storedResponse(name, { status: 'in_progress', background: true }));
} else if (deed === 'run-session') {
  await sessions.createSession(storedSession(name, { isRunning: true }));
  await sessions.addMessage(name, message('m', 'question'));
  await sessions.addEvents(name, someEvents(1, 3));
} else if (deed === 'write-sessions') {
  await sessions.createSession(storedSession(name));
  for (let turn = 1; turn <= 100; turn += 1) {
    await sessions.addMessage('shared', message(`${name}${turn}`, 'x'.repeat(turn * 50)));
    await sessions.addEvents(name, someEvents(3 * turn - 2, 3 * turn));
    await sessions.saveSession(storedSession(name, { updatedAt: turn }));
  }
  stores.close();
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
if (!deed?.startsWith('write')) setInterval(() => {}, 1_000_000);
