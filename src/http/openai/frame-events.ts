import type { FrameStream } from '../../openai/vocabulary/frame-stream.ts';
import type { ResponseEvent, ResponseStream } from '../../openai/responses/output/response-event.ts';
import type { SseFrame } from '../../openai/vocabulary/sse-frame.ts';

/** A response's events as server-sent ones; a client that hears anything of a response wants to hear first of its beginning. */
export function frameEvents({ events, heartbeat }: ResponseStream): FrameStream {
  return {
    frames: framesOf(events),
    heartbeat: () => heartbeat().map(frameOf),
    beginsWithHeartbeat: true,
  };
}

async function* framesOf(events: AsyncIterable<ResponseEvent>): AsyncGenerator<SseFrame> {
  for await (const event of events) yield frameOf(event);
}

function frameOf(event: ResponseEvent): SseFrame {
  return { event: event.type, data: JSON.stringify(event) };
}
