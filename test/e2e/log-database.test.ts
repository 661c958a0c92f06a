import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { childrenOf, until } from '../support/process.ts';
import { call, onlyFirst } from '../support/upstream-tools.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

const tools = [{ type: 'function', function: { name: 'look' } }];
const ask = async () => {
  const messages = [{ role: 'user', content: 'hello' }];
  const response = await gateway.post({ model: 'gpt-5.5', messages, tools });
  expect(response.status).toBe(200);
};

/** Files of the log database of the app-server, with their sizes, and the rows in it. */
function readLog() {
  const homes = join(gateway.stateDirectory, 'homes');
  const folders = readdirSync(homes).map((name) => join(homes, name));
  expect(folders).toHaveLength(1);
  const names = readdirSync(folders[0]!).filter((name) => name.startsWith('logs_'));
  const main = names.find((name) => name.endsWith('.sqlite'))!;
  using database = new DatabaseSync(join(folders[0]!, main), { readOnly: true });
  const { rows } = database.prepare('SELECT count(*) AS rows FROM logs').get()!;
  return {
    rows,
    sizes: Object.fromEntries(names.map((name) => [name, statSync(join(folders[0]!, name)).size])),
  };
}

it('turns leave nothing in the log database of the app-server, also after it was started again', async () => {
  gateway.upstream.use(say('Hello.'));
  await ask();
  const before = readLog();
  for (let index = 0; index < 20; index += 1) await ask();
  gateway.upstream.use(onlyFirst(call({ name: 'other', arguments: '{' })));
  await ask();
  expect(readLog()).toEqual(before);

  process.kill(childrenOf(process.pid, 'app-server')[0]!, 'SIGKILL');
  await until(() => gateway.log.lines.some((line) => line.includes('ended, starting it again')));
  gateway.upstream.use(say('Hello.'));
  await ask();
  const again = readLog();
  for (let index = 0; index < 20; index += 1) await ask();
  expect(readLog()).toEqual(again);
  expect(gateway.log.lines.join('\n')).not.toContain('log database');
});
