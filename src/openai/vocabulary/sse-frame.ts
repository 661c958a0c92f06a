/** One server-sent event, before it becomes text. */
export interface SseFrame {
  /** Sent back by a client that reconnects, in `Last-Event-ID`; without line breaks. */
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** Last frame of a chat stream that succeeded. */
export const DONE: SseFrame = { data: '[DONE]' };

export function jsonFrame(data: object): SseFrame {
  return { data: JSON.stringify(data) };
}

/** An answer as server-sent events. */
export interface FrameStream {
  /** Frames in batches: those that are known at the same time are sent together. */
  readonly frames: AsyncIterable<readonly SseFrame[]>;
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
