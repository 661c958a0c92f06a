import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../../src/conversation/usage.ts';
import type { Answer, Gateway } from '../../../../src/gateway/gateway.ts';
import { createIdempotencyKeys } from '../../../../src/gateway/state/idempotency-keys.ts';
import { createAnswers } from '../../../../src/http/openai/request/answer-request.ts';
import { createCompatibility } from '../../../../src/openai/request/compatibility.ts';
import type { SseFrame } from '../../../../src/openai/vocabulary/sse-frame.ts';
import { serve } from '../../../support/serve.ts';
import { batchAnswers, unbatch } from '../../../support/answer-batches.ts';

const GATEWAY: Gateway = {
  answer: () => Promise.reject(new Error('unused')),
  resolveRequest: () => Promise.reject(new Error('unused')),
  countTokens: () => Promise.reject(new Error('unused')),
  limits: () => [{ usedPercent: 40, windowMinutes: 300, resetsAt: null }],
  turns: () => ({ running: 0, waiting: 0 }),
  maxAnswers: 1,
  reserve: () => [],
};

const say = (text: string) =>
  batchAnswers([
    { type: 'text-delta', text },
    { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE },
  ]);

async function* frame(events: Answer['events'], head: string): AsyncGenerator<readonly SseFrame[]> {
  for await (const { value } of unbatch(events)) yield [{ data: `${head} ${value.type}` }];
}

/** Answers every request with the number of its turn; `x-stream` asks for a stream. */
async function serveAnswers() {
  let turns = 0;
  const answers = createAnswers({
    gateway: GATEWAY,
    keys: createIdempotencyKeys(),
    policy: { strict: false, enforceMaxTokens: false },
    keepAlive: { commentMs: 60_000, heartbeatMs: 60_000, firstSpaceMs: 0, nextSpaceMs: 60_000 },
    stallLimitMs: 60_000,
  });
  const { origin, log } = await serve(async (ctx) => {
    const compatibility = createCompatibility(false);
    compatibility.ignore(['seed'], () => {
      throw new Error('unused');
    });
    const pending = await answers.begin(ctx, {
      compatibility,
      paramNames: { serviceTier: 'service_tier' },
      createHead: () => `head-${turns}`,
      async start(_signal, { onAdmitted }) {
        turns += 1;
        onAdmitted();
        return {
          model: 'one',
          adjustments: [{ path: 'serviceTier', from: 'flex', to: 'default' }],
          serviceTier: 'default',
          reasoningEffort: null,
          events: say('Hi.'),
        };
      },
    });
    const { head, answer } = pending;
    const { events } = await answer;
    if (ctx.get('x-stream') !== '')
      return await pending.sendStream({ frames: frame(events, head), heartbeat: () => [] });
    await pending.sendJson(Array.fromAsync(events).then((all) => ({ head, count: all.length })));
  });
  const ask = async (headers: Readonly<Record<string, string>> = {}) => await fetch(origin, { headers });
  return { ask, log, turns: () => turns };
}

it.each([{}, { 'x-stream': '1' }])(
  'an answer has the headers of its notices and of the limits, with %j',
  async (headers) => {
    const { ask, log } = await serveAnswers();
    const response = await ask(headers);
    await response.text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-codex-gateway-ignored': 'seed',
      'x-codex-gateway-adjusted': 'service_tier=flex->default',
      'x-ratelimit-remaining-requests': '60',
    });
    await expect.poll(() => log.lines.join('\n')).toContain('"ignored":"seed","adjusted":"service_tier"');
  },
);

describe('requests with one Idempotency-Key', () => {
  const KEY = { 'idempotency-key': 'one' };

  it('share one answer, with the beginning of the first', async () => {
    const { ask, turns } = await serveAnswers();
    const texts = await Promise.all(
      [ask(KEY), ask(KEY)].map(async (response) => await (await response).json()),
    );
    expect(texts).toEqual([
      { head: 'head-1', count: 2 },
      { head: 'head-1', count: 2 },
    ]);
    expect(await (await ask(KEY)).json()).toEqual(texts[0]);
    expect(turns()).toBe(1);
  });

  it('can read it in other ways', async () => {
    const { ask, turns } = await serveAnswers();
    await ask(KEY);
    expect(await (await ask({ ...KEY, 'x-stream': '1' })).text()).toBe(
      'data: head-1 text-delta\n\ndata: head-1 turn-end\n\n',
    );
    expect(turns()).toBe(1);
  });
});

it('requests without a key have an answer each', async () => {
  const { ask, turns } = await serveAnswers();
  await Promise.all([ask(), ask()]);
  expect(turns()).toBe(2);
});
