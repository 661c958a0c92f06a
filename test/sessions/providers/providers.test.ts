import { expect, it } from 'vitest';
import { createProviders, type ProviderFields } from '../../../src/sessions/providers/providers.ts';
import { toAgentProvider, type SessionProvider } from '../../../src/sessions/providers/session-provider.ts';

const NOTHING: ProviderFields = { name: undefined, authMode: undefined, baseUrl: '', key: undefined };
const VLLM: SessionProvider = { name: 'vllm', authMode: 'api_key', baseUrl: 'http://127.0.0.1:9' };

function createWith(usual: Partial<ProviderFields> = {}) {
  const providers = createProviders({ workspace: '/site', findCopilot: async () => undefined });
  providers.configure('owner', { ...NOTHING, ...usual, model: '', workspace: '/site' });
  const choose = async (fields: object) => {
    const session = { id: crypto.randomUUID(), owner: 'owner' };
    const provider = await providers.choose(session, { ...NOTHING, ...fields });
    return { provider, resolved: await providers.resolve({ ...session, provider }) };
  };
  return { providers, choose };
}

it('a session that chooses nothing has the usual provider with its key', async () => {
  expect(await createWith().choose({})).toEqual({
    provider: { name: 'openai', authMode: 'chatgpt', baseUrl: '' },
    resolved: undefined,
  });
  const { choose } = createWith({ ...VLLM, key: 'usual' });
  expect(await choose({})).toEqual({
    provider: VLLM,
    resolved: { id: 'vllm', baseUrl: 'http://127.0.0.1:9/v1', key: 'usual' },
  });
});

it('a key of its own goes to the usual provider, and never to another one', async () => {
  const { choose } = createWith({ name: 'vllm', baseUrl: 'http://127.0.0.1:9' });
  expect((await choose({ key: 'own' })).resolved).toEqual({
    id: 'vllm',
    baseUrl: 'http://127.0.0.1:9/v1',
    key: 'own',
  });
  expect((await createWith().choose({ key: 'own' })).resolved).toEqual({
    id: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    key: 'own',
  });
});

it('the usual key goes to no other URL, provider or caller', async () => {
  const { choose, providers } = createWith({ ...VLLM, key: 'usual' });
  await expect(choose({ baseUrl: 'http://other' })).rejects.toThrow("'provider_api_key'");
  await expect(choose({ name: 'osirus_agent', baseUrl: VLLM.baseUrl })).rejects.toThrow("'provider_api_key'");
  const other = providers.resolve({ id: '1', owner: 'other', provider: VLLM });
  await expect(other).rejects.toThrow("'provider_api_key'");
  expect((await choose({ name: 'ollama' })).resolved).toEqual({
    id: 'ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
  });
});

it('the login of the own Codex goes to no other URL', async () => {
  await expect(createWith().choose({ baseUrl: 'http://other' })).rejects.toThrow("'provider_api_base_url'");
  const chatgpt = { name: 'openai', authMode: 'chatgpt', baseUrl: 'http://other', key: 'k' };
  await expect(createWith().choose(chatgpt)).rejects.toThrow("'provider_api_base_url'");
});

it.each([
  ['http://host', 'http://host/v1'],
  ['http://host/', 'http://host/v1'],
  ['http://host/api/', 'http://host/api/v1'],
  ['http://host/v2', 'http://host/v2'],
  ['http://host/api/v1/', 'http://host/api/v1'],
  ['https://host:8443/V3', 'https://host:8443/V3'],
])('the base URL %s becomes %s', (given, expected) => {
  const choice = { name: 'vllm', authMode: 'none', baseUrl: given } as const;
  expect(toAgentProvider(choice, undefined)).toEqual({ id: 'vllm', baseUrl: expected });
});
