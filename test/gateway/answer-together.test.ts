import { describe, expect, it } from 'vitest';
import { abortable } from '../../src/base/async/abort.ts';
import type { AnswerEvent } from '../../src/conversation/turn-event.ts';
import type { TurnRequest } from '../../src/conversation/turn-request.ts';
import { answerTogether } from '../../src/gateway/answer-together.ts';
import type { Answer } from '../../src/gateway/gateway.ts';
import { PLAIN_REQUEST } from '../support/scripted-gateway.ts';
import { unbatch } from '../support/answer-batches.ts';

const NEVER = new AbortController().signal;

const request = (prompt: string, n = 1): TurnRequest => ({
  ...PLAIN_REQUEST,
  turn: { model: prompt, items: [] },
  n,
});

const text = (value: string): AnswerEvent => ({ type: 'text-delta', text: value });

/** A gateway whose answers say their prompt, or fail or stay silent if that is the prompt. */
function create() {
  const signals = new Map<string, AbortSignal>();
  async function answer({ turn, n }: TurnRequest, signal: AbortSignal): Promise<Answer> {
    signals.set(turn.model, signal);
    if (turn.model === 'refused') throw new Error('refused');
    async function* say() {
      for (let index = 0; index < n; index += 1) yield { index, events: [text(turn.model)] };
      if (turn.model === 'failing') throw new Error('broken');
      if (turn.model === 'silent') await abortable(new Promise(() => {}), signal);
    }
    const facts = { adjustments: [], serviceTier: 'default', reasoningEffort: null } as const;
    return { model: turn.model, ...facts, events: say() };
  }
  const reserve = (_: string | undefined, answers: number) =>
    Array.from({ length: answers }, () => ({ run: async () => {}, answered: () => {}, cancel: () => {} }));
  return { gateway: { answer, reserve, maxAnswers: 4 }, signals };
}

describe('answers to several prompts', () => {
  it('are numbered prompt by prompt', async () => {
    const { gateway } = create();
    const { model, events } = await answerTogether(gateway, [request('a', 2), request('b', 2)], NEVER);
    expect(model).toBe('a');
    const all = await Array.fromAsync(unbatch(events));
    expect(all.toSorted((a, b) => a.index - b.index)).toEqual([
      { index: 0, value: text('a') },
      { index: 1, value: text('a') },
      { index: 2, value: text('b') },
      { index: 3, value: text('b') },
    ]);
  });

  it('all end when one of them fails', async () => {
    const { gateway, signals } = create();
    const { events } = await answerTogether(gateway, [request('silent'), request('failing')], NEVER);
    await expect(Array.fromAsync(events)).rejects.toThrow('broken');
    expect(signals.get('silent')!.aborted).toBe(true);
  });

  it('all end when one of them is refused', async () => {
    const { gateway, signals } = create();
    const answer = answerTogether(gateway, [request('refused'), request('silent')], NEVER);
    await expect(answer).rejects.toThrow('refused');
    expect(signals.get('silent')!.aborted).toBe(true);
  });

  it('all end when their reader leaves', async () => {
    const { gateway, signals } = create();
    const { events } = await answerTogether(gateway, [request('silent'), request('a')], NEVER);
    for await (const _ of events) break;
    expect([...signals.values()].every(({ aborted }) => aborted)).toBe(true);
  });

  it.each([
    ['prompt', [1, 1, 1, 1, 1]],
    ['n', [3, 3]],
    ['prompt', [2, 2, 2, 2, 2]],
  ])('are refused by the field %s where %j can never fit', async (param, counts) => {
    const { gateway, signals } = create();
    const requests = counts.map((n, index) => request(`${index}`, n));
    await expect(answerTogether(gateway, requests, NEVER)).rejects.toMatchObject({
      code: 'invalid_value',
      detail: { param },
    });
    expect(signals.size).toBe(0);
  });
});
