import { expect, it, vi } from 'vitest';
import { joinEngines, type CopilotSide } from '../../../src/app/copilot/join-engines.ts';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import type { CodexEngine } from '../../../src/codex/chat/engine.ts';
import type { Model } from '../../../src/conversation/model.ts';

const model = (id: string) => ({ id }) as Model;

function join(own: () => Promise<readonly Model[]>, copilot: () => Promise<readonly Model[]>) {
  const codex = {
    models: vi.fn(own),
    limits: () => [],
    login: vi.fn(),
    probe: vi.fn(),
    requireLogin: vi.fn(async () => {}),
  } as unknown as CodexEngine;
  const list = { shown: vi.fn(copilot), find: vi.fn(copilot), requireLogin: vi.fn(async () => {}) };
  const engine = joinEngines(codex, { list } as unknown as CopilotSide);
  return { codex, list, engine };
}

it('the models of both are listed, those of Codex first', async () => {
  const { engine } = join(
    async () => [model('a')],
    async () => [model('copilot/a')],
  );
  expect(await engine.models(NEVER_ABORTED)).toEqual([model('a'), model('copilot/a')]);
});

it('either list may fail without the other, and both fail as that of Codex does', async () => {
  const fail = async () => await Promise.reject(new Error('codex'));
  const failLater = async () => await Promise.reject(new Error('copilot'));
  const { engine: withoutCodex } = join(fail, async () => [model('copilot/a')]);
  expect(await withoutCodex.models(NEVER_ABORTED)).toEqual([model('copilot/a')]);
  const { engine: withoutCopilot } = join(async () => [model('a')], failLater);
  expect(await withoutCopilot.models(NEVER_ABORTED)).toEqual([model('a')]);
  const { engine: withoutBoth } = join(fail, failLater);
  await expect(withoutBoth.models(NEVER_ABORTED)).rejects.toThrow('codex');
});

it('a request for a model of one waits for nothing of the other', async () => {
  const never = async () => await new Promise<never>(() => {});
  const { engine: slowCodex } = join(never, async () => [model('copilot/a')]);
  expect(await slowCodex.models(NEVER_ABORTED, 'copilot/a')).toEqual([model('copilot/a')]);
  const { engine: slowCopilot } = join(async () => [model('a')], never);
  expect(await slowCopilot.models(NEVER_ABORTED, 'a')).toEqual([model('a')]);
});

it('the login that is required is that of the model', async () => {
  const { engine, codex, list } = join(
    async () => [],
    async () => [],
  );
  await engine.requireLogin('copilot/a', NEVER_ABORTED);
  expect(list.requireLogin).toHaveBeenCalledTimes(1);
  expect(codex.requireLogin).not.toHaveBeenCalled();
  await engine.requireLogin('a', NEVER_ABORTED);
  expect(codex.requireLogin).toHaveBeenCalledTimes(1);
});

it('the limits of Codex’s account say nothing about a model of Copilot', () => {
  const { engine, codex } = join(
    async () => [],
    async () => [],
  );
  const limits = [{ usedPercent: 40, windowMinutes: 300, resetsAt: null }];
  vi.spyOn(codex, 'limits').mockReturnValue(limits);
  expect(engine.limits('gpt-5.5')).toEqual(limits);
  expect(engine.limits()).toEqual(limits);
  expect(engine.limits('copilot/gpt-5.5')).toEqual([]);
});
