import { expect, it } from 'vitest';
import type { AnswerEvent } from '../../../src/conversation/turn-event.ts';
import type { CompletionAnswer } from '../../../src/openai/vocabulary/envelope.ts';
import { streamCompletion, type ChunkFormat } from '../../../src/openai/vocabulary/stream-completion.ts';
import type { SseFrame } from '../../../src/openai/vocabulary/sse-frame.ts';
import { batchAnswers } from '../../support/answer-batches.ts';
import { flatten } from '../../support/flatten.ts';

const USAGE = {
  inputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 1,
  reasoningTokens: 0,
  totalTokens: 2,
};

/** Chunks whose choices are the types of their events. */
const FORMAT: ChunkFormat<string> = {
  encodeHead: ({ envelope: { id } }) => ({ id }),
  createEncoder: () => (event) => (event.type === 'progress' ? [] : [event.type]),
  encodeChoice: (index, type) => ({ index, type }),
  empty: 'nothing',
};

async function* turn(): AsyncGenerator<AnswerEvent> {
  yield { type: 'progress' };
  yield { type: 'text-delta', text: 'a' };
  yield { type: 'turn-end', reason: 'stop', isComplete: true, usage: USAGE };
}

const answer = (count = 1): CompletionAnswer => ({
  envelope: { id: 'id', created: 1, model: 'm' },
  serviceTier: 'default',
  events: batchAnswers(...Array.from({ length: count }, () => turn())),
});

const stream = (includeUsage: boolean, n = 1) =>
  streamCompletion(Promise.resolve(answer(n)), FORMAT, { includeUsage, n });

const read = async (frames: AsyncIterable<readonly SseFrame[]>) =>
  (await Array.fromAsync(flatten(frames))).map(({ data }) =>
    data === '[DONE]' ? data : (JSON.parse(data) as object),
  );

it('streams a chunk for each update, and [DONE]', async () => {
  expect(await read(stream(false).frames)).toEqual([
    { id: 'id', choices: [{ index: 0, type: 'text-delta' }] },
    { id: 'id', choices: [{ index: 0, type: 'turn-end' }] },
    '[DONE]',
  ]);
});

it('streams the usage of all choices in a chunk of its own if it is requested', async () => {
  const chunks = await read(stream(true, 2).frames);
  expect(chunks).toHaveLength(6);
  expect(chunks.slice(0, 4)).toMatchObject(Array.from({ length: 4 }, () => ({ usage: null })));
  expect(chunks[4]).toMatchObject({ choices: [], usage: { total_tokens: 4 } });
});

it('sends heartbeats to a choice that has not ended, once the answer has begun', async () => {
  const { frames, heartbeat } = stream(false, 2);
  expect(heartbeat()).toEqual([]);
  const open: object[] = [];
  for await (const _ of frames) open.push(...heartbeat().map(({ data }) => JSON.parse(data) as object));
  expect(open[0]).toEqual({ id: 'id', choices: [{ index: 0, type: 'nothing' }] });
  expect(open.some((chunk) => JSON.stringify(chunk).includes('"index":1'))).toBe(true);
});
