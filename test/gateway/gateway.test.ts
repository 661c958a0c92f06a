import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../../src/app/log/observer.ts';
import type { Engine, TurnRun } from '../../src/conversation/ports/engine.ts';
import { imagesOf } from '../../src/conversation/item.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import { createModelRouting } from '../../src/gateway/models/model-routing.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { createModel } from '../support/model.ts';
import { createTurnRun } from '../support/turn-run.ts';
import { PLAIN_REQUEST } from '../support/scripted-gateway.ts';
import { unbatch } from '../support/answer-batches.ts';

const NEVER = new AbortController().signal;
const TURN = { model: 'm', items: [] };
const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };

const NO_TOKENIZER = {
  count: async () => 0,
  head: async (text: string) => ({ text, tokens: 0 }),
};

/** A promise that rejects when the signal aborts, and never settles otherwise. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );

interface ScriptedEngine extends Partial<Pick<Engine, 'models'>> {
  /** Hears the owner of each turn. */
  onOwner?(owner: string | undefined): void;
  /** The events of a turn after its start. */
  runTurn?(turn: Turn, signal: AbortSignal): AsyncIterable<TurnEvent>;
  /** Decides when the work of a turn has ended. */
  startTurn?(
    events: AsyncIterable<TurnEvent>,
    signal: AbortSignal,
    onQueue?: (isWaiting: boolean) => void,
  ): TurnRun;
}

function create(engine: ScriptedEngine = {}, options: Partial<GatewayOptions> = {}) {
  async function* answer(): AsyncGenerator<TurnEvent> {
    yield END;
  }
  const { models, runTurn = answer, startTurn = createTurnRun } = engine;
  const fake: Engine = {
    requireLogin: async () => {},
    limits: () => [],
    models: models ?? (async () => [createModel('m'), createModel('hidden', { isListed: false })]),
    runTurn(turn, signal, { onQueue, owner } = {}) {
      engine.onOwner?.(owner);
      async function* events(): AsyncGenerator<TurnEvent> {
        yield { type: 'turn-start', adjustments: [] };
        yield* runTurn(turn, signal);
      }
      return startTurn(events(), signal, onQueue);
    },
  };
  return createGateway({
    engine: fake,
    routing: createModelRouting(fake, {
      presets: [],
      defaults: {},
      reasoningSummary: false,
      only: undefined,
    }),
    images: { load: async (items) => items },
    schemas: { check: async () => undefined },
    tokenizer: NO_TOKENIZER,
    deadlines: { start: 60, firstByte: 60, turn: 60 },
    limits: { running: 1, waiting: 1, perToken: 9 },
    observer: SILENT,
    ...options,
  });
}

/** The events of a turn after its start. */
async function* run(gateway: Gateway, turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const answer = await gateway.answer({ ...PLAIN_REQUEST, turn }, signal);
  for await (const { value } of unbatch(answer.events)) yield value;
}

it('a turn belongs to its caller, unless it is one of several or stands for itself', async () => {
  const owners: unknown[] = [];
  const limits = { running: 2, waiting: 0, perToken: 1 };
  const gateway = create({ onOwner: (owner) => owners.push(owner) }, { limits });
  const asked = [
    [1, { caller: 'a' }],
    [1, {}],
    [2, { caller: 'a' }],
    [1, { caller: 'a', isSeparate: true }],
  ] as const;
  for (const [n, asker] of asked) {
    const { events } = await gateway.answer({ ...PLAIN_REQUEST, n, turn: TURN }, NEVER, asker);
    await Array.fromAsync(events);
  }
  expect(owners).toEqual(['a', undefined, undefined, undefined, undefined]);
});

it('a request that fails before its turn gives its room back', async () => {
  const gateway = create();
  for (let count = 0; count < 9; count += 1) {
    const unknown = run(gateway, { ...TURN, model: 'x' }, NEVER);
    await expect(Array.fromAsync(unknown)).rejects.toMatchObject({ code: 'model_not_found' });
  }
  expect(gateway.reserve('a', 2)).toHaveLength(2);
});

describe('models', () => {
  it('that are unknown are refused before they reach the engine', async () => {
    const gateway = create({
      runTurn() {
        throw new Error('reached');
      },
    });
    await expect(Array.fromAsync(run(gateway, { ...TURN, model: 'x' }, NEVER))).rejects.toMatchObject({
      code: 'model_not_found',
      detail: { param: 'model' },
    });
  });
});

describe('the queue', () => {
  it('lets one turn wait while another runs and refuses a third', async () => {
    const finish = Promise.withResolvers<void>();
    const gateway = create({
      async *runTurn() {
        await finish.promise;
        yield END;
      },
    });
    const [first, second, third] = [1, 2, 3].map(() => Array.fromAsync(run(gateway, TURN, NEVER)));
    await expect(third).rejects.toMatchObject({ code: 'queue_full' });
    finish.resolve();
    expect(await Promise.all([first, second])).toEqual([[END], [END]]);
    expect(await Array.fromAsync(run(gateway, TURN, NEVER))).toEqual([END]);
  });

  it('lets a caller whose answer has ended ask again at once, while Codex still ends the work', async () => {
    const work = Promise.withResolvers<void>();
    const gateway = create(
      {
        startTurn: (events, signal) => ({ ...createTurnRun(events, signal), ended: work.promise }),
      },
      { limits: { running: 1, waiting: 0, perToken: 1 } },
    );
    expect(await Array.fromAsync(run(gateway, TURN, NEVER))).toEqual([END]);
    const next = Array.fromAsync(run(gateway, TURN, NEVER));
    const tooMany = { code: 'queue_full', message: expect.stringContaining('with this API key') as string };
    await expect(Array.fromAsync(run(gateway, TURN, NEVER))).rejects.toMatchObject(tooMany);
    work.resolve();
    expect(await next).toEqual([END]);
  });

  it('counts an answer that has come until it has been checked', async () => {
    const work = Promise.withResolvers<void>();
    const answers = ['Hi', '{"call":{"name":"f","arguments":{}}}'];
    const others: Promise<unknown>[] = [];
    const gateway = create(
      {
        async *runTurn() {
          yield { type: 'text-delta', text: answers.shift()! };
          yield END;
        },
        startTurn(events, signal) {
          const turn = createTurnRun(events, signal);
          // The place that the first one has is needed for the other.
          return answers.length > 1 ? turn : { ...turn, ended: work.promise };
        },
      },
      {
        limits: { running: 1, waiting: 0, perToken: 1 },
        schemas: {
          check: async () => {
            others.push(Array.fromAsync(run(gateway, TURN, NEVER)).catch((error: unknown) => error));
            return undefined;
          },
        },
      },
    );
    const tool = { name: 'f', description: '', parameters: { type: 'object' }, strict: true, path: '' };
    const turn = { ...TURN, tools: [tool] };
    const answer = await gateway.answer({ ...PLAIN_REQUEST, turn, callRequired: 'required' }, NEVER);
    await Array.fromAsync(answer.events);
    expect(answers).toEqual([]);
    expect(await Promise.all(others)).toMatchObject([{ code: 'queue_full' }]);
    work.resolve();
  });

  it('counts a turn until its work has ended, even after its reader has left', async () => {
    const work: PromiseWithResolvers<void>[] = [];
    const gateway = create({
      startTurn(events, signal) {
        const end = Promise.withResolvers<void>();
        work.push(end);
        return { ...createTurnRun(events, signal), ended: end.promise };
      },
    });
    for await (const event of run(gateway, TURN, NEVER)) {
      expect(event).toEqual(END);
      break;
    }
    const second = Array.fromAsync(run(gateway, TURN, NEVER));
    await new Promise((resolve) => setImmediate(resolve));
    expect(work).toHaveLength(1);
    work[0]!.resolve();
    expect(await second).toEqual([END]);
    expect(work).toHaveLength(2);
    work[1]!.resolve();
  });

  it('releases the place when a turn fails or its reader leaves', async () => {
    let turns = 0;
    const gateway = create({
      async *runTurn() {
        turns += 1;
        if (turns === 1) throw new Error('broken');
        yield { type: 'text-delta', text: 'x' };
        yield END;
      },
    });
    await expect(Array.fromAsync(run(gateway, TURN, NEVER))).rejects.toThrow('broken');
    for await (const event of run(gateway, TURN, NEVER)) {
      expect(event.type).toBe('text-delta');
      break;
    }
    expect(await Array.fromAsync(run(gateway, TURN, NEVER))).toHaveLength(2);
  });
});

describe('images', () => {
  const ask = (url: string): Turn => ({
    model: 'm',
    items: [
      {
        type: 'message',
        role: 'user',
        parts: [{ type: 'image', url, detail: 'auto', path: 'x' }],
        path: 'x',
      },
    ],
  });

  it('that are fetched slowly delay no request with inline images', async () => {
    const fetched = Promise.withResolvers<void>();
    const loading: string[] = [];
    const gateway = create(
      {},
      {
        limits: { running: 100, waiting: 100, perToken: 100 },
        images: {
          async load(items) {
            const [image] = imagesOf(items);
            loading.push(image!.url);
            if (image!.url !== 'data:,') await fetched.promise;
            return items;
          },
        },
      },
    );
    const remote = Array.from({ length: 9 }, (_, index) =>
      Array.fromAsync(run(gateway, ask(`http://x/${index}`), NEVER)),
    );
    expect(await Array.fromAsync(run(gateway, ask('data:,'), NEVER))).toEqual([END]);
    expect(loading).toHaveLength(9);
    fetched.resolve();
    expect(await Promise.all(remote)).toEqual(remote.map(() => [END]));
  });
});

describe('a deadline', () => {
  const short = (name: string) => ({ deadlines: { start: 60, firstByte: 60, turn: 60, [name]: 0.02 } });

  it('for the start ends a request while Codex is not available', async () => {
    const gateway = create({ models: untilAborted }, short('start'));
    await expect(Array.fromAsync(run(gateway, TURN, NEVER))).rejects.toMatchObject({
      code: 'start_timeout',
    });
  });

  /** A request that the engine lets wait for five minutes, and begins to answer once `answer` is called. */
  async function queue() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { promise: isAnswered, resolve: answer } = Promise.withResolvers<void>();
    const engine: ScriptedEngine = {
      startTurn(events, signal, onQueue) {
        onQueue?.(true);
        async function* late(): AsyncGenerator<TurnEvent> {
          await Promise.race([isAnswered, untilAborted(signal)]);
          yield* events;
        }
        setTimeout(() => onQueue?.(false), 300_000);
        return createTurnRun(late(), signal);
      },
    };
    const gateway = create(engine, { deadlines: { start: 60, firstByte: 60, turn: 600 } });
    const outcome = Array.fromAsync(run(gateway, TURN, NEVER)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(300_000);
    return { outcome, answer };
  }

  it('for the start does not run while the engine serves other requests first', async () => {
    const { outcome, answer } = await queue();
    await vi.advanceTimersByTimeAsync(59_000);
    answer();
    expect(await outcome).toEqual([END]);
  });

  it('for the start runs from the moment when the engine has served the others', async () => {
    const { outcome } = await queue();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toMatchObject({ code: 'start_timeout' });
  });

  it('for the start does not run while a turn waits for its place, however long that takes', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
    let turns = 0;
    const gateway = create(
      {
        async *runTurn() {
          turns += 1;
          if (turns === 1) await isOver;
          yield END;
        },
      },
      { deadlines: { start: 60, firstByte: 7200, turn: 7200 } },
    );
    const first = Array.fromAsync(run(gateway, TURN, NEVER));
    const second = Array.fromAsync(run(gateway, TURN, NEVER));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(gateway.turns()).toEqual({ running: 1, waiting: 1 });
    end();
    expect(await Promise.all([first, second])).toEqual([[END], [END]]);
  });

  it('for the first byte ends a turn without events', async () => {
    const gateway = create(
      {
        async *runTurn(_turn, signal) {
          await untilAborted(signal);
          yield END;
        },
      },
      short('firstByte'),
    );
    await expect(Array.fromAsync(run(gateway, TURN, NEVER))).rejects.toMatchObject({
      code: 'first_byte_timeout',
    });
  });

  it('for the whole turn ends a turn after its first event', async () => {
    const gateway = create(
      {
        async *runTurn(_turn, signal) {
          yield { type: 'progress' };
          await untilAborted(signal);
        },
      },
      short('turn'),
    );
    await expect(Array.fromAsync(run(gateway, TURN, NEVER))).rejects.toMatchObject({
      code: 'turn_timeout',
      message: expect.stringContaining('did not finish'),
    });
  });

  it('releases the place of a reader who stopped reading', async () => {
    const gateway = create(
      {
        async *runTurn() {
          yield { type: 'progress' };
          yield END;
        },
      },
      short('turn'),
    );
    const stalled = run(gateway, TURN, NEVER);
    await stalled.next();
    // Its place is the only one.
    expect(await Array.fromAsync(run(gateway, TURN, NEVER))).toHaveLength(2);
    await stalled.return(undefined);
  });

  it('does not hide the abort reason of the caller', async () => {
    const controller = new AbortController();
    const gateway = create({
      async *runTurn(_turn, signal) {
        yield { type: 'progress' };
        await untilAborted(signal);
      },
    });
    const events = run(gateway, TURN, controller.signal);
    await events.next();
    const next = events.next();
    controller.abort(new Error('gone'));
    await expect(next).rejects.toThrow('gone');
  });
});
