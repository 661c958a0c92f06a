import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnswerBatch, AnswerEvent } from '../../../src/conversation/turn-event.ts';
import type { ChatStyle } from '../../../src/openai/chat/decode.ts';
import { encodeChatCompletion } from '../../../src/openai/chat/encode-completion.ts';
import { encodeChatStream } from '../../../src/openai/chat/encode-stream.ts';
import { batchAnswers, splitInto } from '../../support/answer-batches.ts';
import { flatten } from '../../support/flatten.ts';
import { anyText } from '../../support/any-text.ts';

interface Chunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: string;
      readonly content?: string | null;
      readonly reasoning_content?: string;
      readonly annotations?: readonly object[];
      readonly tool_calls?: readonly { readonly index: number }[];
    };
    readonly finish_reason: string | null;
  }[];
}

interface Completion {
  readonly choices: readonly {
    readonly index: number;
    readonly message: {
      readonly content: string | null;
      readonly reasoning_content?: string;
      readonly annotations: readonly object[];
      readonly tool_calls?: readonly object[];
    };
    readonly finish_reason: string;
  }[];
}

const STYLE: ChatStyle = {
  includeUsage: false,
  n: 2,
  customTools: new Set(['paint']),
  legacyCalls: false,
  metadata: undefined,
};

const text = fc.string({ maxLength: 5 });

const event: fc.Arbitrary<AnswerEvent> = fc.oneof(
  fc.record({ type: fc.constant('text-delta' as const), text }),
  fc.record({ type: fc.constant('reasoning-delta' as const), text, paragraph: fc.constantFrom('1', '2') }),
  fc.record({
    type: fc.constant('citation' as const),
    url: fc.webUrl(),
    title: text,
    start: fc.nat(9),
    end: fc.nat(9),
  }),
  fc.record({
    type: fc.constant('tool-call' as const),
    callId: text,
    name: fc.constantFrom('f', 'paint'),
    arguments: text,
  }),
  fc.constant<AnswerEvent>({ type: 'progress' }),
);

const turn = fc.record({
  events: fc.array(event, { maxLength: 12 }),
  reason: fc.constantFrom('stop' as const, 'length' as const, 'tool-calls' as const),
});

async function* run({
  events,
  reason,
}: {
  events: readonly AnswerEvent[];
  reason: 'stop' | 'length' | 'tool-calls';
}) {
  yield* events;
  yield { type: 'turn-end', reason, isComplete: true, usage: null } satisfies AnswerEvent;
}

/** Adds the chunks of one choice up, as clients do. */
function addUp(chunks: readonly Chunk[], index: number) {
  const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
  const deltas = own.map(({ delta }) => delta);
  return {
    begins: deltas[0]?.role,
    content: deltas.map(({ content }) => content ?? '').join(''),
    reasoning: deltas.map(({ reasoning_content: reasoning }) => reasoning ?? '').join(''),
    annotations: deltas.flatMap(({ annotations }) => annotations ?? []),
    calls: deltas.flatMap(({ tool_calls: calls }) => calls ?? []),
    reasons: own.map((choice) => choice.finish_reason).filter((reason) => reason !== null),
  };
}

it('the chunks of any stream add up to the completion that is not streamed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(turn, turn), async (turns) => {
      const answer = () => ({
        envelope: { id: 'chatcmpl-1', created: 1, model: 'm' },
        serviceTier: 'default',
        events: batchAnswers(...turns.map(run)),
      });
      const { frames } = encodeChatStream(Promise.resolve(answer()), STYLE);
      const chunks = (await Array.fromAsync(flatten(frames)))
        .slice(0, -1)
        .map(({ data }) => JSON.parse(data) as Chunk);
      const completion = (await encodeChatCompletion(answer(), STYLE)) as Completion;
      for (const [index, choice] of completion.choices.entries()) {
        const {
          content,
          reasoning_content: reasoning = '',
          annotations,
          tool_calls: calls = [],
        } = choice.message;
        expect(addUp(chunks, index)).toEqual({
          begins: 'assistant',
          content: content ?? '',
          reasoning,
          annotations,
          calls: calls.map((call, nth) => ({ index: nth, ...call })),
          reasons: [choice.finish_reason],
        });
      }
      expect(completion.choices).toHaveLength(2);
    }),
    { numRuns: 60 },
  );
});

it('each delta has a chunk of its own, with the bytes of its plain JSON, however deltas are batched', async () => {
  const someText = anyText({ maxLength: 8 });
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }));
  const property = fc.asyncProperty(
    fc.array(someText, { minLength: 1 }),
    sizes,
    someText,
    fc.boolean(),
    async (texts, batchSizes, model, includeUsage) => {
      const deltas = texts.map((delta) => ({ type: 'text-delta', text: delta }) as const);
      async function* say(): AsyncGenerator<AnswerBatch> {
        for (const events of splitInto(deltas, batchSizes)) yield { index: 0, events };
      }
      const envelope = { id: 'chatcmpl-1', created: 1, model };
      const answer = Promise.resolve({ envelope, serviceTier: 'default', events: say() });
      const { frames } = encodeChatStream(answer, { ...STYLE, includeUsage });
      const batches = await Array.fromAsync(frames);
      // The last batch is the end of the stream; the first one begins the message.
      expect(batches).toHaveLength(splitInto(deltas, batchSizes).length + 1);
      const plain = texts.map((content) =>
        JSON.stringify({
          id: 'chatcmpl-1',
          object: 'chat.completion.chunk',
          created: 1,
          model,
          service_tier: 'default',
          choices: [{ index: 0, delta: { content }, finish_reason: null, logprobs: null }],
          ...(includeUsage && { usage: null }),
        }),
      );
      expect(batches.flat().map(({ data }) => data)).toEqual([expect.any(String), ...plain, '[DONE]']);
    },
  );
  await fc.assert(property);
});
