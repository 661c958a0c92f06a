import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { AnswerEvent } from '../../../../src/conversation/turn-event.ts';
import { encodeResponseStream } from '../../../../src/openai/responses/response/encode-stream.ts';
import { ResponseCancelledError } from '../../../../src/openai/responses/response/write-response.ts';
import type { ResponseEvent } from '../../../../src/openai/responses/output/response-event.ts';
import type { ResponseAnswer } from '../../../../src/openai/responses/response/response-options.ts';
import type { ResponseOptions } from '../../../../src/openai/responses/response/response-options.ts';
import { checkResponseEvents } from '../../../support/response-stream-checker.ts';
import { loadWireChecker } from '../../../support/wire-checker.ts';
import {
  createResponseAnswer,
  ENVELOPE,
  readAll,
  STOP,
  PRESENTATION,
  typesOf,
} from '../../../support/write-response.ts';
import { flatten } from '../../../support/flatten.ts';

const checkWire = await loadWireChecker();

const HELLO: AnswerEvent = { type: 'text-delta', text: 'Hello' };
const BUSY = new GatewayError('overloaded', 'The model is overloaded.');
const BACKGROUND = { ...PRESENTATION, background: true };

const write = (answer: Promise<ResponseAnswer>, options: Partial<ResponseOptions> = {}) =>
  encodeResponseStream(answer, { envelope: ENVELOPE, presentation: PRESENTATION, ...options });
const tell = (events: readonly AnswerEvent[], error?: Error) =>
  Promise.resolve(createResponseAnswer(events, error));
const fail = async (reason: Error): Promise<ResponseAnswer> => {
  throw reason;
};

/** Every event, which the checker has found good. */
async function read(answer: Promise<ResponseAnswer>, options?: Partial<ResponseOptions>) {
  const events = await readAll(write(answer, options).events);
  expect(checkResponseEvents(events, checkWire)).toEqual([]);
  return events;
}

const responseOf = (event: ResponseEvent | undefined) => event?.response as JsonObject;

describe('a streamed response', () => {
  it('begins with the request’s settings and ends with the complete response and its usage', async () => {
    const usage = {
      inputTokens: 5,
      cachedInputTokens: 3,
      cacheWriteInputTokens: 1,
      outputTokens: 2,
      reasoningTokens: 1,
      totalTokens: 7,
    };
    const events = await read(tell([HELLO, { ...STOP, usage }]));
    expect(typesOf(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(responseOf(events[0])).toMatchObject({
      id: 'resp_1',
      created_at: 1,
      model: 'gpt-6-sol',
      status: 'in_progress',
      service_tier: 'priority',
      reasoning: { effort: 'low', summary: null },
      output: [],
      usage: null,
    });
    expect(responseOf(events.at(-1))).toMatchObject({
      status: 'completed',
      completed_at: expect.any(Number),
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 3, cache_write_tokens: 1 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 1 },
        total_tokens: 7,
      },
    });
  });

  it('repeats the fields of its request, except those that turned out otherwise', async () => {
    const echo = {
      ...PRESENTATION.echo,
      instructions: 'Be brief.',
      model: 'x',
      status: 'x',
      service_tier: 'flex',
      background: true,
      reasoning: { effort: 'high', summary: 'auto' },
    };
    const events = await read(tell([STOP]), { presentation: { ...PRESENTATION, echo } });
    expect(responseOf(events.at(-1))).toMatchObject({
      instructions: 'Be brief.',
      model: 'gpt-6-sol',
      status: 'completed',
      service_tier: 'priority',
      background: false,
      reasoning: { effort: 'low', summary: 'auto' },
    });
  });

  it('marks usage that the gateway has estimated', async () => {
    const usage = {
      inputTokens: 1,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      totalTokens: 1,
      estimated: true,
    } as const;
    const events = await read(tell([{ ...STOP, usage }]));
    expect(responseOf(events.at(-1)).usage).toMatchObject({ estimated: true });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('is incomplete, as is its last item, when it is cut off by %s', async (reason, told) => {
    const events = await read(tell([HELLO, { ...STOP, reason }]));
    expect(events.at(-1)?.type).toBe('response.incomplete');
    expect(responseOf(events.at(-1))).toMatchObject({
      status: 'incomplete',
      completed_at: null,
      incomplete_details: { reason: told },
      output: [{ type: 'message', status: 'incomplete' }],
    });
  });

  it('begins with the first visible event, not with progress', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    async function* slow() {
      yield { index: 0, events: [{ type: 'progress' } as const] };
      await promise;
      yield { index: 0, events: [STOP] };
    }
    const writing = { ...createResponseAnswer([]), events: slow() };
    const events = flatten(write(Promise.resolve(writing)).events);
    const first = events.next();
    const early = await Promise.race([first, new Promise<string>((later) => setImmediate(later, 'nothing'))]);
    expect(early).toBe('nothing');
    resolve(undefined);
    expect((await first).value).toMatchObject({ type: 'response.created' });
  });

  it('fails when the turn has no end', async () => {
    await expect(readAll(write(tell([{ type: 'progress' }])).events)).rejects.toThrow('turn-end');
  });
});

describe('a heartbeat', () => {
  it('begins a response that has no answer yet, and is a keepalive from then on', async () => {
    const { promise, resolve } = Promise.withResolvers<ResponseAnswer>();
    const { events, heartbeat } = write(promise);
    const all = readAll(events);
    const beats = [...heartbeat(), ...heartbeat(), ...heartbeat()];
    resolve(createResponseAnswer([HELLO, STOP]));
    const rest = await all;
    expect(typesOf(beats)).toEqual(['response.created', 'response.in_progress', 'keepalive', 'keepalive']);
    expect(rest[0]).toMatchObject({ type: 'response.output_item.added' });
    expect(checkResponseEvents([...beats, ...rest], checkWire)).toEqual([]);
    expect(heartbeat()).toEqual([]);
  });

  it('is never sent between an event and its sequence number', async () => {
    const { events, heartbeat } = write(tell([HELLO, STOP]));
    await events[Symbol.asyncIterator]().next();
    expect(heartbeat()).toEqual([]);
  });
});

describe('a failure of a streamed response', () => {
  it('is thrown before the first event', async () => {
    await expect(readAll(write(fail(BUSY)).events)).rejects.toBe(BUSY);
    await expect(readAll(write(tell([{ type: 'progress' }], BUSY)).events)).rejects.toBe(BUSY);
  });

  it('is sent after the first event as an error and as a failed response with the items so far', async () => {
    const failures: unknown[] = [];
    const events = await read(tell([HELLO], BUSY), { onFailure: (error) => failures.push(error) });
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'error',
        code: 'server_is_overloaded',
        message: 'The model is overloaded.',
        param: null,
        error: { type: 'service_unavailable_error', code: 'server_is_overloaded' },
      },
      {
        type: 'response.failed',
        response: {
          status: 'failed',
          completed_at: null,
          error: { code: 'server_error', type: 'service_unavailable_error' },
          output: [{ status: 'incomplete', content: [{ text: 'Hello' }] }],
        },
      },
    ]);
    expect(failures).toEqual([BUSY]);
  });

  it('is sent within the stream after a heartbeat', async () => {
    const { promise, reject } = Promise.withResolvers<ResponseAnswer>();
    const { events, heartbeat } = write(promise);
    const all = readAll(events);
    const beats = heartbeat();
    reject(BUSY);
    const rest = await all;
    expect(typesOf(rest)).toEqual(['error', 'response.failed']);
    expect(checkResponseEvents([...beats, ...rest], checkWire)).toEqual([]);
  });

  it.each<[ConstructorParameters<typeof GatewayError>[0], string]>([
    ['rate_limited', 'rate_limit_exceeded'],
    ['insufficient_quota', 'rate_limit_exceeded'],
    ['context_length_exceeded', 'invalid_prompt'],
    ['policy_violation', 'invalid_prompt'],
    ['misalignment', 'misalignment_policy_violation'],
    ['invalid_image', 'invalid_image_url'],
    ['codex_not_signed_in', 'server_error'],
    ['image_timeout', 'failed_to_download_image'],
    ['first_byte_timeout', 'server_error'],
  ])('%s has the code %s in the failed response', async (code, told) => {
    const events = await read(tell([HELLO], new GatewayError(code, 'No.')));
    expect(responseOf(events.at(-1)).error).toMatchObject({ code: told, message: 'No.' });
  });

  it('reveals no internals when it is unexpected', async () => {
    const events = await read(tell([HELLO], new Error('/home/me/secret')));
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events.at(-2)).toMatchObject({ code: 'internal_error' });
  });
});

describe('storing a streamed response', () => {
  it('is finished before the last event is sent', async () => {
    const steps: unknown[] = [];
    const onStatus = async ({ status }: JsonObject) => {
      await new Promise(setImmediate);
      steps.push(`kept ${String(status)}`);
    };
    for await (const { type } of flatten(write(tell([HELLO, STOP]), { onStatus }).events)) steps.push(type);
    expect(steps.slice(-2)).toEqual(['kept completed', 'response.completed']);
    expect(steps.filter((step) => String(step).startsWith('kept'))).toHaveLength(1);
  });

  it('includes encrypted reasoning, which the client gets only if it asks for it', async () => {
    const kept: JsonObject[] = [];
    const thought: AnswerEvent = { type: 'reasoning-end', id: 'rs_1', encrypted: 'sealed' };
    const options = {
      onStatus: async (body: JsonObject) => void kept.push(body),
    };
    const plain = await read(tell([thought, STOP]), options);
    expect(JSON.stringify(plain)).not.toContain('sealed');
    expect(kept).toMatchObject([{ output: [{ id: 'rs_1', encrypted_content: 'sealed' }] }]);

    const include = new Set(['reasoning.encrypted_content']);
    const whole = await read(tell([thought, STOP]), {
      ...options,
      presentation: { ...PRESENTATION, include },
    });
    expect(whole.at(-2)).toMatchObject({ item: { encrypted_content: 'sealed' } });
    expect(responseOf(whole.at(-1))).toMatchObject({ output: [{ encrypted_content: 'sealed' }] });
  });

  it('fails the response visibly when the store fails', async () => {
    const failures: unknown[] = [];
    const full = new Error('no space left');
    const events = await read(tell([HELLO, STOP]), {
      onStatus: () => Promise.reject(full),
      onFailure: (error) => failures.push(error),
    });
    expect(typesOf(events.slice(-2))).toEqual(['error', 'response.failed']);
    expect(failures).toEqual([full, full]);
  });
});

describe('a background response', () => {
  const keep = () => {
    const kept: unknown[] = [];
    return {
      kept,
      onStatus: async ({ status }: JsonObject) => void kept.push(status),
      presentation: BACKGROUND,
    };
  };

  it('begins at once and is stored at each status', async () => {
    const { promise, resolve } = Promise.withResolvers<ResponseAnswer>();
    const { kept, ...options } = keep();
    const events = flatten(write(promise, options).events);
    const first = (await events.next()).value as ResponseEvent;
    expect(first).toMatchObject({
      type: 'response.created',
      response: { status: 'queued', background: true },
    });
    expect(kept).toEqual(['queued']);
    const second = (await events.next()).value as ResponseEvent;
    resolve(createResponseAnswer([HELLO, STOP]));
    const third = (await events.next()).value as ResponseEvent;
    expect([second.type, third.type]).toEqual(['response.queued', 'response.in_progress']);
    expect(kept).toEqual(['queued', 'in_progress']);
    const rest = await Array.fromAsync(events);
    expect(kept).toEqual(['queued', 'in_progress', 'completed']);
    expect(checkResponseEvents([first, second, third, ...rest], checkWire)).toEqual([]);
  });

  it('never throws once it is stored', async () => {
    const { kept, ...options } = keep();
    const events = await read(fail(BUSY), options);
    expect(typesOf(events)).toEqual(['response.created', 'response.queued', 'error', 'response.failed']);
    expect(kept).toEqual(['queued', 'failed']);
  });

  it('does not begin when it cannot be stored', async () => {
    const full = new Error('no space left');
    const options = { presentation: BACKGROUND, onStatus: () => Promise.reject(full) };
    await expect(readAll(write(fail(BUSY), options).events)).rejects.toBe(full);
  });

  it.each([
    ['before the answer begins', [], () => fail(new ResponseCancelledError())],
    [
      'in the middle of the answer',
      [{ status: 'incomplete' }],
      () => tell([HELLO], new ResponseCancelledError()),
    ],
  ])('ends as cancelled, not as failed, when it is cancelled %s', async (_name, output, answer) => {
    const failures: unknown[] = [];
    const { kept, ...options } = keep();
    const events = await read(answer(), { ...options, onFailure: (error) => failures.push(error) });
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'cancelled', error: null, output },
    });
    expect(kept.at(-1)).toBe('cancelled');
    expect(failures).toEqual([]);
  });
});

it('a streamed response fails and leaves the turn when it exceeds 64 million characters', async () => {
  let left = false;
  async function* endless() {
    try {
      const value: AnswerEvent = { type: 'text-delta', text: 'x'.repeat(1024 * 1024) };
      for (;;) yield { index: 0, events: [value] };
    } finally {
      left = true;
    }
  }
  const writing = { ...createResponseAnswer([]), events: endless() };
  const events = await readAll(write(Promise.resolve(writing)).events);
  expect(events.at(-2)).toMatchObject({ type: 'error', code: 'answer_too_large' });
  expect(left).toBe(true);
});
