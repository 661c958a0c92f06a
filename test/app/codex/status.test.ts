import { expect, it } from 'vitest';
import { createStatus, type StatusSources } from '../../../src/app/codex/status.ts';
import { abortable } from '../../../src/base/async/abort.ts';
import { GatewayError } from '../../../src/base/errors.ts';
import type { Login } from '../../../src/codex/process/connect-app-server.ts';
import { createModel } from '../../support/model.ts';

const SIGNAL = new AbortController().signal;
const ACCOUNT: Login = {
  type: 'account',
  account: { type: 'chatgpt', email: 'a@b.example', planType: 'pro', workspaceName: null },
};

/** Sources whose Codex answers, fails or says nothing. */
function createSources() {
  const mind = { state: 'well' as 'well' | 'ended' | 'silent' };
  async function answer<T>(value: T): Promise<T> {
    if (mind.state === 'ended') throw new GatewayError('codex_unavailable', 'Codex ended.');
    if (mind.state === 'silent') await abortable(new Promise(() => {}), SIGNAL);
    return value;
  }
  const sources: StatusSources = {
    binary: { path: '/codex', version: '1.2.3' },
    provider: { id: 'openai', config: {} },
    engine: { login: () => answer(ACCOUNT), limits: () => [] },
    models: { list: () => answer([createModel('one')]) },
    copilot: undefined,
    figures: {
      turns: () => ({ running: 1, waiting: 2 }),
      lastHour: () => ({ requests: 3, errors: 1 }),
      limits: {},
      accountLimits: () => [],
      ownMemoryBytes: () => 5,
      childMemoryBytes: () => answer(7),
      storeBytes: async () => 0,
    },
    login: { type: 'signed-out' },
    model: 'first',
  };
  return { mind, status: createStatus(sources) };
}

const FIGURES = { turns: { running: 1, waiting: 2 }, last_hour: { requests: 3, errors: 1 } };

it.each(['ended', 'silent'] as const)(
  'a Codex that has %s keeps no figures of the gateway back',
  async (state) => {
    const { mind, status } = createSources();
    mind.state = state;
    expect(await status(SIGNAL)).toMatchObject({
      ...FIGURES,
      login: 'signed-out',
      account: null,
      model: 'first',
      memory: { gateway: 5, child: 0 },
    });
    mind.state = 'well';
    const known = {
      account: 'a@b.example',
      login: 'account',
      model: 'one',
      memory: { gateway: 5, child: 7 },
    };
    expect(await status(SIGNAL)).toMatchObject(known);
    mind.state = state;
    expect(await status(SIGNAL)).toMatchObject({ ...FIGURES, ...known });
  },
);
