import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolsSchema } from '../../../src/app/config/tool-settings.ts';
import { agentEnvironment } from '../../../src/app/sessions/agent-environment.ts';
import { gatewayPlaces, resolveLinks } from '../../../src/app/sessions/gateway-places.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('the state, the folder of the configuration, a named config file, the token of GitHub and the targets of links are the own places', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real-state'));
  symlinkSync(join(folder, 'real-state'), join(folder, 'state'));
  mkdirSync(join(folder, 'project'));
  writeFileSync(join(folder, 'project/github-token'), 'token');
  const settings = {
    stateDirectory: join(folder, 'state'),
    configPath: join(folder, 'project/own.json'),
    tools: toolsSchema.parse({ github: { tokenFile: 'github-token' } }),
  };
  const places = await gatewayPlaces(settings, { XDG_CONFIG_HOME: join(folder, 'config') });
  expect(places).toEqual([
    join(folder, 'state'),
    join(folder, 'config/codex-gateway'),
    join(folder, 'project/own.json'),
    join(folder, 'project/github-token'),
    join(folder, 'real-state'),
  ]);
  // The sandbox hides the targets.
  expect(await resolveLinks(places)).toEqual([
    join(folder, 'real-state'),
    join(folder, 'config/codex-gateway'),
    join(folder, 'project/own.json'),
    join(folder, 'project/github-token'),
  ]);
});

it('the environment of an agent is that of the user without the tokens and the variables of the gateway', () => {
  const token = 'test-token-of-this-suite';
  const own = { PATH: '/bin', CODEX_GATEWAY_TOKEN: token, CODEX_GATEWAY_PORT: '1', CURLOPT: `-H ${token}` };
  const more = { UNSET: undefined, OPENAI_API_KEY: 'key', GH_TOKEN: 'github' };
  expect(agentEnvironment({ ...own, ...more }, [token, 'github', undefined, ''])).toEqual({
    PATH: '/bin',
    OPENAI_API_KEY: 'key',
  });
});
