import type { ResponseEvent, ResponseStream } from '../../../openai/responses/output/response-event.ts';
import type { FrameStream, SseFrame } from '../../../openai/vocabulary/sse-frame.ts';

/**
 * Returns the events of a response as server-sent events. Its first keep-alive is a heartbeat: clients expect the event that
 * begins the response before anything else.
 */
export function frameEvents({ events, heartbeat }: ResponseStream): FrameStream {
  return {
    frames: framesOf(events),
    heartbeat: () => heartbeat().map(frameOf),
    beginsWithHeartbeat: true,
  };
}

async function* framesOf(
  batches: AsyncIterable<readonly ResponseEvent[]>,
): AsyncGenerator<readonly SseFrame[]> {
  for await (const events of batches) yield events.map(frameOf);
}

function frameOf(event: ResponseEvent): SseFrame {
  return { event: event.type, data: JSON.stringify(event) };
}
