import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { userEnvironment } from '../support/command-line.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A user without any login, whose one gateway is a demo. */
async function startDemo(codexConfig = '') {
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), codexConfig);
  const settings = await readSettings({ port: '0' }, environment);
  const running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: true });
  onTestFinished(() => running.close(AbortSignal.abort()));
  return { environment, running, port: new URL(running.origin).port };
}

it('doctor finds nothing wrong beside a running demo, and says how to get the configured provider', async () => {
  const { environment } = await startDemo();
  const { code, printed, complained } = await runMain(['doctor'], environment);
  expect([code, complained]).toEqual([0, '']);
  expect(printed).toMatch(/^ok +provider: demo; for 'openai', stop it and start without --demo$/m);
  expect(printed).toMatch(/^ok +login: +the demo needs no account$/m);
  expect(printed).toMatch(/^ok +models: +1 model, demo by default$/m);
  // No provider is asked for anything while the demo runs.
  expect(printed).not.toContain('network:');
});

it('doctor does not examine a configured provider that the running demo does not use', async () => {
  const { environment } = await startDemo('model_provider = "nobody"');
  const { code, printed } = await runMain(['doctor'], environment);
  expect(code).toBe(0);
  expect(printed).toMatch(
    /^ok +provider: demo; for the configured provider, stop it and start without --demo$/m,
  );
});

it('init says that the demo holds the port, and names the model that the start will', async () => {
  const { environment, running, port } = await startDemo();
  const { code, printed } = await runMain(['init', '--port', port], environment);
  expect(code).toBe(0);
  expect(printed).toMatch(
    new RegExp(
      `^Stop first: the demo uses port ${port} \\(pid ${process.pid}\\), with another token\\.\nStart it: `,
      'm',
    ),
  );
  await running.close(AbortSignal.abort());
  const { printed: shown } = await runMain(['show'], environment);
  const modelOf = (text: string) => /^Model: +(\S+)$/m.exec(text)?.[1];
  expect(modelOf(printed)).toBe(modelOf(shown));
});
