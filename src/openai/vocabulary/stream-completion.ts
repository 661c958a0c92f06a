import { createChoices, type UpdateEncoder } from './choices.ts';
import type { CompletionAnswer } from './envelope.ts';
import { DONE, jsonFrame, type SseFrame, type FrameStream } from './sse-frame.ts';

/** Form of the chunks of one contract. */
export interface ChunkFormat<Update> {
  /** Returns the fields that every chunk repeats. */
  encodeHead(answer: CompletionAnswer): object;
  createEncoder(): UpdateEncoder<Update>;
  encodeChoice(index: number, update: Update): object;
  /** An update that adds nothing, for heartbeats. */
  readonly empty: Update;
}

export interface ChunkOptions {
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** Number of choices. */
  readonly n: number;
}

/** Streams the choices of a completion as chunks; its answer may still have to begin. */
export function streamCompletion<Update>(
  answer: Promise<CompletionAnswer>,
  format: ChunkFormat<Update>,
  options: ChunkOptions,
): FrameStream {
  let stream: FrameStream | undefined;
  async function* encode(): AsyncGenerator<SseFrame> {
    stream = openStream(await answer, format, options);
    yield* stream.frames;
  }
  return { frames: encode(), heartbeat: () => stream?.heartbeat() ?? [] };
}

function openStream<Update>(
  answer: CompletionAnswer,
  format: ChunkFormat<Update>,
  { includeUsage, n }: ChunkOptions,
): FrameStream {
  const choices = createChoices(() => format.createEncoder());
  const head = format.encodeHead(answer);
  // With `include_usage` every chunk has the key; without it, none has.
  const usageKey = includeUsage ? { usage: null } : {};
  const chunk = (index: number, update: Update) =>
    jsonFrame({ ...head, choices: [format.encodeChoice(index, update)], ...usageKey });

  async function* encode(): AsyncGenerator<SseFrame> {
    for await (const { index, value } of answer.events) {
      const encodeUpdates = choices.advance(index, value);
      for (const update of encodeUpdates(value)) yield chunk(index, update);
    }
    const usage = includeUsage ? choices.encodeUsage() : undefined;
    if (usage) yield jsonFrame({ ...head, choices: [], usage });
    yield DONE;
  }

  return { frames: encode(), heartbeat: () => [chunk(choices.firstOpen(n), format.empty)] };
}
