import type { AnswerBatch } from '../../conversation/turn-event.ts';
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
  let encoder: ChunkEncoder | undefined;
  async function* encode(): AsyncGenerator<readonly SseFrame[]> {
    const begun = await answer;
    encoder = createChunkEncoder(begun, format, options);
    for await (const batch of begun.events) {
      const frames = encoder.encode(batch);
      if (frames.length > 0) yield frames;
    }
    yield encoder.end();
  }
  return { frames: encode(), heartbeat: () => encoder?.heartbeat() ?? [] };
}

interface ChunkEncoder extends Pick<FrameStream, 'heartbeat'> {
  encode(batch: AnswerBatch): readonly SseFrame[];
  /** Returns the last frames. */
  end(): readonly SseFrame[];
}

function createChunkEncoder<Update>(
  answer: CompletionAnswer,
  format: ChunkFormat<Update>,
  { includeUsage, n }: ChunkOptions,
): ChunkEncoder {
  const choices = createChoices(() => format.createEncoder());
  const head = format.encodeHead(answer);
  // A chunk is sent for each token: what all chunks have in common is encoded once.
  const before = `${JSON.stringify(head).slice(0, -1)},"choices":[`;
  // With `include_usage` every chunk has the key; without it, none has.
  const after = includeUsage ? '],"usage":null}' : ']}';
  const chunk = (index: number, update: Update): SseFrame => ({
    data: `${before}${JSON.stringify(format.encodeChoice(index, update))}${after}`,
  });

  return {
    encode({ index, events }) {
      const encodeUpdates = choices.advance(index, events);
      const frames: SseFrame[] = [];
      for (const event of events) {
        for (const update of encodeUpdates(event)) frames.push(chunk(index, update));
      }
      return frames;
    },
    end() {
      const usage = includeUsage ? choices.encodeUsage() : undefined;
      return usage ? [jsonFrame({ ...head, choices: [], usage }), DONE] : [DONE];
    },
    heartbeat: () => [chunk(choices.firstOpen(n), format.empty)],
  };
}
