import { describe, expect, it } from 'vitest';
import { abortable } from '../../src/base/async/abort.ts';
import { GatewayError, shuttingDown } from '../../src/base/errors.ts';
import type { AnswerBatch, TurnEvent } from '../../src/conversation/turn-event.ts';
import type { TurnRequest } from '../../src/conversation/turn-request.ts';
import { answerTogether } from '../../src/gateway/answer-together.ts';
import { createIdempotencyKeys } from '../../src/gateway/state/idempotency-keys.ts';
import { createSharedAnswers } from '../../src/gateway/state/shared-answers.ts';
import { createScriptedGateway, PLAIN_REQUEST } from '../support/scripted-gateway.ts';
import { createTurnRun } from '../support/turn-run.ts';

const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
const LOST = new GatewayError('codex_unavailable', 'Codex ended.', { retryAfter: 1 });
const NEVER = new Promise<never>(() => {});

/** The course of a turn: `silent` asks the provider and hears nothing, `lost` loses its Codex before it asks. */
type Fate = 'waits' | 'silent' | 'lost' | 'wrong';

/** A gateway whose turns have their fates one after the other. */
function create(...fates: Fate[]) {
  const reached = Promise.withResolvers<void>();
  let turns = 0;
  async function* live(fate: Fate, signal: AbortSignal, onAsked: () => void): AsyncGenerator<TurnEvent> {
    if (fate === 'silent' || fate === 'wrong') onAsked();
    if (turns === fates.length) reached.resolve();
    if (fate === 'lost') {
      await reached.promise;
      throw LOST;
    }
    if (fate === 'waits') await abortable(NEVER, signal);
    yield { type: 'turn-start', adjustments: [] };
    if (fate === 'silent') await abortable(NEVER, signal);
    yield { type: 'text-delta', text: 'no JSON' };
    yield END;
  }
  const gateway = createScriptedGateway((_turn, signal, { asked } = {}) => {
    const fate = fates[turns]!;
    turns += 1;
    return createTurnRun(
      live(fate, signal, () => (asked!.isAsked = true)),
      signal,
    );
  });
  return { gateway, reached: reached.promise };
}

type Ask = (signal: AbortSignal) => ReturnType<typeof answerTogether>;

/** Asks until the error comes, which a stop causes once all turns have met their fates. */
async function failureOf(ask: Ask, reached?: Promise<void>): Promise<unknown> {
  const controller = new AbortController();
  const failure = (async () => {
    const { events } = await ask(controller.signal);
    return await Array.fromAsync(events);
  })().catch((error: unknown) => error);
  await reached;
  if (reached) controller.abort(shuttingDown());
  return await failure;
}

const asked = (code: string) => ({
  code,
  message: expect.stringContaining('may have been asked'),
  detail: { shouldRetry: false, retryAfter: expect.any(Number) },
});

describe('a stop', () => {
  it('of a request whose turn was handed over says that the provider may have been asked', async () => {
    const { gateway, reached } = create('silent');
    const failure = await failureOf((signal) => gateway.answer(PLAIN_REQUEST, signal), reached);
    expect(failure).toMatchObject(asked('shutting_down'));
  });

  it('of a request that only waited says nothing of the kind', async () => {
    const { gateway, reached } = create('waits');
    const failure = await failureOf((signal) => gateway.answer(PLAIN_REQUEST, signal), reached);
    expect(failure).toEqual(shuttingDown());
  });

  it('says so to every reader of an answer with an Idempotency-Key, before and after it has begun', async () => {
    for (const hasBegun of [false, true]) {
      const ended = new AbortController();
      const shared = createSharedAnswers(createIdempotencyKeys());
      const answers = [1, 2].map(
        () =>
          shared.subscribe(
            {
              key: 'k',
              fingerprint: 'k',
              createHead: () => undefined,
              async start(signal, { asked }) {
                asked.isAsked = true;
                if (!hasBegun) await abortable(NEVER, signal);
                async function* say(): AsyncGenerator<AnswerBatch> {
                  yield await abortable(NEVER, signal);
                }
                return { events: say() };
              },
            },
            ended.signal,
          ).answer,
      );
      const failures = answers.map(async (answer) => await Array.fromAsync((await answer).events));
      const settled = Promise.allSettled(failures);
      if (hasBegun) await Promise.all(answers);
      ended.abort(shuttingDown());
      const [first, second] = await settled;
      expect(first).toMatchObject({ reason: asked('shutting_down') });
      expect(second).toMatchObject({ reason: asked('shutting_down') });
    }
  });
});

describe('a Codex that dies before a turn was handed over', () => {
  it('is an error that can be tried again', async () => {
    const { gateway } = create('lost');
    expect(await failureOf((signal) => gateway.answer(PLAIN_REQUEST, signal))).toBe(LOST);
  });

  it('says that the provider may have been asked if that was for the answer before its repair', async () => {
    const { gateway } = create('wrong', 'lost');
    const request: TurnRequest = { ...PLAIN_REQUEST, format: { type: 'json-object' } };
    const failure = await failureOf((signal) => gateway.answer(request, signal));
    expect(failure).toMatchObject(asked('codex_unavailable'));
  });

  it('says so if that was for another of several answers', async () => {
    const { gateway } = create('silent', 'lost');
    const failure = await failureOf((signal) => gateway.answer({ ...PLAIN_REQUEST, n: 2 }, signal));
    expect(failure).toMatchObject(asked('codex_unavailable'));
  });

  it('says so if that was for another of several prompts', async () => {
    const { gateway } = create('silent', 'lost');
    const failure = await failureOf((signal) =>
      answerTogether(gateway, [PLAIN_REQUEST, PLAIN_REQUEST], signal),
    );
    expect(failure).toMatchObject(asked('codex_unavailable'));
  });
});
