import type { SseFrame } from './sse-frame.ts';

/** An answer as server-sent events. */
export interface FrameStream {
  readonly frames: AsyncIterable<SseFrame>;
  /**
   * Frames without content, which clients that time the gaps between frames take as a sign of life; none while nothing of
   * the answer is known.
   */
  heartbeat(): readonly SseFrame[];
  /** Whether the first sign of life is one of those, because a stream must not begin otherwise. */
  readonly beginsWithHeartbeat?: boolean;
  /** Whether nothing can go wrong before the first frame, for which a client then need not wait to hear of success. */
  readonly opensAtOnce?: boolean;
}

/** The stream of an answer that may still have to begin. */
export function streamLater<A>(answer: Promise<A>, open: (answer: A) => FrameStream): FrameStream {
  let stream: FrameStream | undefined;
  async function* encode(): AsyncGenerator<SseFrame> {
    stream = open(await answer);
    yield* stream.frames;
  }
  return { frames: encode(), heartbeat: () => stream?.heartbeat() ?? [] };
}

/** The choice for a sign of life: one that has ended says nothing more, unless all have. */
export function firstOpen(
  choices: readonly ({ readonly ended: boolean } | undefined)[],
  answers: number,
): number {
  const open = Array.from({ length: answers }, (_, index) => index).find((index) => !choices[index]?.ended);
  return open ?? 0;
}
