import type { SseFrame } from './sse-frame.ts';

/** An answer as server-sent events. */
export interface FrameStream {
  readonly frames: AsyncIterable<SseFrame>;
  /**
   * Returns frames without content that keep clients from timing out between frames; none while nothing is known of the
   * answer.
   */
  heartbeat(): readonly SseFrame[];
  /** True if the first frame has to be such a heartbeat, because a stream must not begin otherwise. */
  readonly beginsWithHeartbeat?: boolean;
  /** True if nothing can fail before the first frame, so that the status can be sent without waiting for it. */
  readonly opensAtOnce?: boolean;
}
