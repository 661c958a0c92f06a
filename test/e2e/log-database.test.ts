import { globSync, lstatSync, readdirSync, statSync } from 'node:fs';
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

/** Bytes of the log database of the app-server, and the rows in it. */
function readLog() {
  const homes = join(gateway.stateDirectory, 'homes');
  const folders = readdirSync(homes).map((name) => join(homes, name));
  expect(folders).toHaveLength(1);
  const paths = readdirSync(folders[0]!)
    .filter((name) => name.startsWith('logs_'))
    .map((name) => join(folders[0]!, name));
  using database = new DatabaseSync(
    paths.find((path) => path.endsWith('.sqlite'))!,
    { readOnly: true },
  );
  const { rows } = database.prepare('SELECT count(*) AS rows FROM logs').get()!;
  return { rows: Number(rows), bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}

/** Bytes of an empty log database with its indexes and its journal; 11 turns would write over half a million. */
const EMPTY = 400_000;

/** Makes turns; the log must not have more rows afterwards. Codex itself may tidy it up meanwhile. */
async function expectQuiet(): Promise<void> {
  const before = readLog();
  for (let index = 0; index < 10; index += 1) await ask();
  const after = readLog();
  expect(after.rows).toBeLessThanOrEqual(before.rows);
  expect(after.bytes).toBeLessThan(EMPTY);
}

it('turns leave nothing in the log database of the app-server, even after a restart', async () => {
  gateway.upstream.use(say('Hello.'));
  await ask();
  await expectQuiet();
  gateway.upstream.use(onlyFirst(call({ name: 'other', arguments: '{' })));
  await expectQuiet();

  process.kill(childrenOf(process.pid, 'app-server')[0]!, 'SIGKILL');
  await until(() => gateway.log.lines.some((line) => line.includes('ended, starting it again')));
  gateway.upstream.use(say('Hello.'));
  await ask();
  await expectQuiet();
  expect(gateway.log.lines.join('\n')).not.toContain('log database');
});

it('turns leave next to nothing in the home of the app-server', async () => {
  const countBytes = () => {
    const folder = join(gateway.stateDirectory, 'homes');
    const files = globSync('**', { cwd: folder }).map((path) => lstatSync(join(folder, path)));
    return files.reduce((sum, { size }) => sum + size, 0);
  };
  gateway.upstream.use(say('Hello.'));
  for (let index = 0; index < 10; index += 1) await ask();
  const before = countBytes();
  for (let index = 0; index < 15; index += 1) await ask();
  // The log of a single turn would be more.
  expect(countBytes() - before).toBeLessThan(30_000);
});
