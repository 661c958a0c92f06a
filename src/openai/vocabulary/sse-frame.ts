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
