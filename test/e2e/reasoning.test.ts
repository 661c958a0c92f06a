import { describe, expect, it } from 'vitest';
import { ask, WAYS } from '../support/ask.ts';
import type { TestGateway } from '../support/gateway.ts';
import { sayReasoning } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway, useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const quiet = useTestGateway({ config: { reasoningSummary: false } });
const odd = useTestGateway({ config: { models: [{ id: 'unheard-of' }] } });

interface Upward {
  readonly reasoning?: { readonly effort?: string; readonly summary?: string };
  readonly text?: { readonly verbosity?: string };
  readonly service_tier?: string;
}

const lastBody = (of: TestGateway = gateway) => of.upstream.requests.at(-1)!.body as Upward;

describe('a reasoning effort', () => {
  it.each([
    ['gpt-5.5', 'low', 'low', null],
    ['gpt-5.5', 'xhigh', 'xhigh', null],
    ['gpt-5.5', 'minimal', 'low', 'minimal->low'],
    ['gpt-5.5', 'none', 'low', 'none->low'],
    ['gpt-5.5', 'max', 'xhigh', 'max->xhigh'],
    ['gpt-6-sol', 'minimal', 'low', 'minimal->low'],
    ['gpt-6-sol', 'max', 'max', null],
    ['unheard-of', 'minimal', 'minimal', null],
    ['unheard-of', 'none', 'none', null],
  ])('on %s is sent upstream from %s as %s', async (model, asked, effort, change) => {
    const asking = model === 'unheard-of' ? odd : gateway;
    asking.upstream.use(say('x'));
    for (const [name, body] of [
      ['reasoning_effort', { reasoning_effort: asked }],
      ['reasoning.effort', { reasoning: { effort: asked } }],
    ] as const) {
      const adjusted = change && `${name}=${change}`;
      for (const way of WAYS) {
        expect(await ask(asking, way, { model, ...body })).toMatchObject({ status: 200, adjusted });
        expect(lastBody(asking).reasoning).toMatchObject({ effort });
      }
    }
  });
});

describe('other options', () => {
  it.each(['low', 'medium', 'high'])('the verbosity %s is sent upstream', async (verbosity) => {
    gateway.upstream.use(say('x'));
    for (const model of ['gpt-5.5', 'gpt-6-sol']) {
      await ask(gateway, 'whole', { model, verbosity });
      expect(lastBody().text).toMatchObject({ verbosity });
    }
  });

  it.each([
    ['auto', undefined, 'default'],
    ['default', undefined, 'default'],
    ['priority', 'priority', 'priority'],
    ['fast', 'priority', 'priority'],
    ['flex', 'flex', 'flex'],
  ])('the service tier %s is sent upstream as %s and returned as %s', async (asked, sent, tier) => {
    gateway.upstream.use(say('x'));
    for (const model of ['gpt-5.5', 'gpt-6-sol']) {
      for (const way of WAYS) {
        expect(await ask(gateway, way, { model, service_tier: asked })).toMatchObject({
          tier,
          adjusted: null,
        });
        expect(lastBody().service_tier).toBe(sent);
      }
    }
  });

  it('a service tier that a model does not have is returned as default', async () => {
    gateway.upstream.use(say('x'));
    for (const way of WAYS) {
      const told = await ask(gateway, way, { model: 'gpt-daybreak-blue-latest', service_tier: 'priority' });
      expect(told).toMatchObject({ tier: 'default', adjusted: 'service_tier=priority->default' });
      expect(lastBody().service_tier).toBeUndefined();
    }
  });

  it('the service tier scale is refused', async () => {
    const told = await ask(gateway, 'whole', { service_tier: 'scale' });
    expect(told).toMatchObject({
      status: 400,
      error: {
        param: 'service_tier',
        code: 'unsupported_value',
        message: expect.stringContaining('priority'),
      },
    });
  });
});

describe.each(['gpt-5.5', 'gpt-6-sol'])('the reasoning of %s', (model) => {
  it.each(WAYS)('is returned as reasoning_content with separate paragraphs, %s', async (way) => {
    for (const deltas of [true, false]) {
      const items = [['**One** is this.', 'Two is that.'], ['Three.']];
      gateway.upstream.use(sayReasoning(items, 'Answer.', { deltas }));
      const told = await ask(gateway, way, { model });
      expect(told.said).toMatchObject([
        { content: 'Answer.', reasoning: '**One** is this.\n\nTwo is that.\n\nThree.', finish: 'stop' },
      ]);
      expect(lastBody().reasoning).toMatchObject({ summary: 'auto' });
    }
  });

  it('is not requested when it is configured off', async () => {
    quiet.upstream.use(say('x'));
    await ask(quiet, 'whole', { model });
    expect(lastBody(quiet).reasoning?.summary).toBeUndefined();
  });

  it('is accepted from the client and not sent upstream again', async () => {
    gateway.upstream.use(sayReasoning([['A secret thought.']], 'Answer.'));
    const body = { model: model as 'gpt-5.5', messages: [{ role: 'user' as const, content: 'x' }] };
    const { choices } = await gateway.client.chat.completions.create(body);
    expect(choices[0]!.message).toMatchObject({ reasoning_content: 'A secret thought.' });
    gateway.upstream.use(say('x'));
    // Another conversation, which holds the answer only as the client sends it.
    const messages = [{ role: 'user' as const, content: 'y' }, choices[0]!.message, ...body.messages];
    expect(await ask(gateway, 'whole', { model, messages })).toMatchObject({ status: 200, ignored: null });
    expect(JSON.stringify(lastBody())).not.toContain('secret thought');
  });
});

it('a model without a description is asked for reasoning only when an effort is set', async () => {
  odd.upstream.use(say('x'));
  await ask(odd, 'whole', { model: 'unheard-of' });
  expect(lastBody(odd).reasoning?.summary).toBeUndefined();
  await ask(odd, 'whole', { model: 'unheard-of', reasoning_effort: 'high' });
  expect(lastBody(odd).reasoning).toMatchObject({ effort: 'high', summary: 'auto' });
});
