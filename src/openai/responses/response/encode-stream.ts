import { encodeResponse } from './encode-response.ts';
import { createOutputWriter } from '../output/output-writer.ts';
import type { EventDraft, ResponseEvent, ResponseStream } from '../output/response-event.ts';
import type { ResponseWriting } from './response-writing.ts';
import { encodeStatus, writeAnswer } from './write-answer.ts';
import { writeFailure, type FailureOptions } from './write-failure.ts';

/** Writes an answer that may still have to begin. */
export function encodeResponseStream(
  answer: Promise<ResponseWriting>,
  options: FailureOptions,
): ResponseStream {
  const { style } = options;
  // A response may end before anyone comes to ask for its answer.
  answer.catch(() => {});
  const output = createOutputWriter({ responseId: options.envelope.id, ...options.style });
  let writing: ResponseWriting | undefined;
  let begun = false;
  let sent = 0;
  /** Whether an event has its number, but is not read yet, or whether none is to come. */
  let isOut = false;

  const number = ({ type, ...rest }: EventDraft): ResponseEvent => ({
    type,
    sequence_number: sent++,
    ...rest,
  });

  function begin(): EventDraft[] {
    if (begun) return [];
    begun = true;
    const body = encodeResponse(options, { status: 'in_progress', writing });
    return ['response.created', 'response.in_progress'].map((type) => ({ type, response: body }));
  }

  async function* queue(): AsyncGenerator<EventDraft> {
    const { response, ...event } = await encodeStatus('response.queued', options, { status: 'queued' });
    begun = true;
    yield { type: 'response.created', response };
    yield { ...event, response };
  }

  async function* write(): AsyncGenerator<EventDraft> {
    try {
      if (style.background) yield* queue();
      writing = await answer;
      const state = { status: 'in_progress', writing } as const;
      if (style.background) yield await encodeStatus('response.in_progress', options, state);
      for await (const event of writeAnswer(writing, output, options)) {
        yield* begin();
        yield event;
      }
    } catch (error) {
      if (!begun) throw error;
      yield* writeFailure(error, { writing, output, options });
    }
  }

  async function* encode(): AsyncGenerator<ResponseEvent> {
    for await (const event of write()) {
      isOut = true;
      yield number(event);
      isOut = false;
    }
    isOut = true;
  }

  return {
    events: encode(),
    heartbeat() {
      if (isOut) return [];
      return (begun ? [{ type: 'keepalive' }] : begin()).map(number);
    },
  };
}
