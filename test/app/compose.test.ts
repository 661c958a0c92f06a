import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config.ts';
import { listen } from '../../src/app/listen.ts';
import { writeFakeCodex } from '../support/fake-codex.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const { server, port } = await listen('127.0.0.1', 0, () => {});
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('a request that comes while Codex starts waits for it', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.codex'));
  const gate = join(folder, 'gate');
  // This Codex answers nothing until the gate is there.
  const codex = writeFakeCodex(folder, {
    onStart: `while (!require('node:fs').existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);`,
  });
  const environment = { HOME: folder, PATH: '' };
  const port = await freePort();
  const settings = await readSettings({ port: String(port), token: 't', codex }, environment);
  const starting = startGateway({ settings, environment, log: createMemoryLog(), demo: false });

  let answer: Response | undefined;
  const asking = (async () => {
    const ask = () => fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { authorization: 'Bearer t' } });
    while (answer === undefined) answer = await ask().catch(() => undefined);
  })();
  const homes = join(settings.stateDirectory, 'homes');
  await until(() => existsSync(homes) && readdirSync(homes).length === 1);
  expect(answer).toBeUndefined();
  mkdirSync(gate);
  const gateway = await starting;
  await asking;
  expect(answer!.status).toBe(200);
  await answer!.text();
  await gateway.close(AbortSignal.abort());
});
