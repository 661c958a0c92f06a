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
