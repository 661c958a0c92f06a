import type { EventDraft, ResponseEvent, ResponseStream } from '../output/response-event.ts';
import type { ResponseAnswer, ResponseOptions } from './response-options.ts';
import { createProgress, writeBeginning, writeResponse } from './write-response.ts';

/** Streams an answer, which may still have to begin, as the events of a response. */
export function encodeResponseStream(
  answer: Promise<ResponseAnswer>,
  options: ResponseOptions,
): ResponseStream {
  // The answer may fail before the events are read.
  answer.catch(() => {});
  const progress = createProgress(options);
  let eventCount = 0;
  /** True while the reader has events that it may not have sent yet, and after the last event. */
  let isBusy = false;

  /** Puts the number behind the type, where people look for it. */
  const number = (event: EventDraft): ResponseEvent => {
    return Object.assign({ type: event.type, sequence_number: eventCount++ }, event);
  };

  async function* encode(): AsyncGenerator<readonly ResponseEvent[]> {
    for await (const events of writeResponse(answer, progress)) {
      isBusy = true;
      yield events.map(number);
      isBusy = false;
    }
    isBusy = true;
  }

  return {
    events: encode(),
    heartbeat() {
      if (isBusy) return [];
      const events = progress.hasBegun ? [{ type: 'keepalive' }] : writeBeginning(progress);
      return events.map(number);
    },
  };
}
