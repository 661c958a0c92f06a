import { describe, expect, it } from 'vitest';
import {
  createProviderChoice,
  providerIds,
  usesWebSocket,
} from '../../../../src/codex/chat/profile/transport.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';

const OPENAI = { id: 'openai', config: { name: 'OpenAI', requires_openai_auth: true } };
const OTHER = { id: 'other', config: { base_url: 'https://llm.example/v1' } };
const AT_ANOTHER_ADDRESS = {
  id: 'openai',
  config: { ...OPENAI.config, base_url: 'https://proxy.example/v1' },
};

it.each([
  ['http', OPENAI, {}, false],
  ['websocket', OPENAI, {}, true],
  ['websocket', OTHER, {}, true],
  ['auto', OPENAI, {}, true],
  ['auto', OTHER, {}, false],
  ['auto', AT_ANOTHER_ADDRESS, {}, false],
  ['auto', OPENAI, { chatgpt_base_url: 'https://chat.example/' }, false],
] as const)(
  'with %s, WebSockets are used for the right providers (%j, %j)',
  (transport, provider, user, used) => {
    expect(usesWebSocket(transport, provider, user)).toBe(used);
  },
);

const FAILED = 'Falling back from WebSockets to HTTPS transport. ';

describe('the provider of new threads', () => {
  const create = (isCautious: boolean) => {
    const observer = createMemoryLog();
    const ids = providerIds('gateway_1', true);
    return { choice: createProviderChoice({ ids, isCautious, observer }), lines: observer.lines };
  };

  it('stays the same after a WebSocket has failed, if WebSockets were asked for', () => {
    const { choice, lines } = create(false);
    const before = choice.current();
    choice.hearWarning(`${FAILED}stream disconnected before completion: secret words`);
    expect(choice.current()).toBe(before);
    expect(lines).toEqual([
      expect.stringMatching(/^warn the WebSocket to the provider failed, Codex used HTTP/),
    ]);
    expect(lines[0]).not.toContain('secret');
  });

  it('is the one by HTTP after the first failure, if the choice is left to the gateway', () => {
    const { choice, lines } = create(true);
    expect(choice.current()).not.toBe('gateway_1');
    choice.hearWarning(`${FAILED}unexpected status 401 Unauthorized: secret, url: wss://llm.example/`);
    expect(choice.current()).toBe('gateway_1');
    expect(lines).toEqual([expect.stringContaining('401')]);
    expect(lines[0]).not.toMatch(/secret|example/);
  });

  it('does not change for other warnings', () => {
    const { choice, lines } = create(true);
    const before = choice.current();
    choice.hearWarning('Model metadata not found.');
    expect([choice.current(), lines]).toEqual([before, []]);
  });

  it('is always the one by HTTP without WebSockets', () => {
    const ids = providerIds('gateway_1', false);
    const choice = createProviderChoice({ ids, isCautious: false, observer: createMemoryLog() });
    expect(choice.current()).toBe('gateway_1');
  });
});
