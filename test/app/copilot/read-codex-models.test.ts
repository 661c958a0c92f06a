import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { readCodexModels } from '../../../src/app/copilot/read-codex-models.ts';
import { StartupError } from '../../../src/base/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function read(variables: Record<string, string> = {}) {
  const home = temporaryFolder();
  const environment = { HOME: home, PATH: process.env.PATH, ...variables };
  const settings = await readSettings({}, environment);
  return { settings, home, reading: readCodexModels(settings, environment) };
}

it('reads the models that the real Codex carries, with its prompts, and leaves no home behind', async () => {
  const { settings, reading, home } = await read();
  const models = await reading;
  expect(models.map(({ slug }) => slug)).toContain('gpt-5.5');
  for (const model of models) expect(model.base_instructions).toMatch(/^You are Codex/);
  expect(await readdir(join(settings.stateDirectory, 'homes'))).toEqual([]);
  expect(await readdir(home)).toEqual(['.local']);
});

it('rejects for a codex that does not list its models', async () => {
  const { reading } = await read({ CODEX_GATEWAY_CODEX: '/bin/true' });
  await expect(reading).rejects.toThrow(StartupError);
});
