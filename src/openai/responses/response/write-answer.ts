import type { ResponseStatus } from '../../../conversation/ports/store.ts';
import type { StopReason, TurnEnd } from '../../../conversation/turn-event.ts';
import { limitSize } from '../../vocabulary/limit-size.ts';
import { encodeResponse, type ResponseState } from './encode-response.ts';
import type { OutputWriter } from '../output/output-writer.ts';
import type { EventDraft } from '../output/response-event.ts';
import type { ResponseOptions, ResponseWriting } from './response-writing.ts';
import { applyIncludeToResponse } from '../../items/apply-include.ts';

interface Ending {
  readonly status: ResponseStatus & ('completed' | 'incomplete');
  /** Why it is incomplete. */
  readonly reason?: string;
}

const ENDINGS: Readonly<Record<StopReason, Ending>> = {
  stop: { status: 'completed' },
  'tool-calls': { status: 'completed' },
  length: { status: 'incomplete', reason: 'max_output_tokens' },
  'content-filter': { status: 'incomplete', reason: 'content_filter' },
};

/** The events of an answer, the terminal one included, but for those that begin a response. Throws what fails. */
export async function* writeAnswer(
  writing: ResponseWriting,
  output: OutputWriter,
  options: ResponseOptions,
): AsyncGenerator<EventDraft> {
  let end: TurnEnd | undefined;
  // Its end repeats every item, also in a stream.
  for await (const { value } of limitSize(writing.events, 'ask for a shorter one')) {
    if (value.type === 'turn-end') end = value;
    else yield* output.write(value);
  }
  if (end === undefined) throw new Error('the turn ended without a turn-end event');
  const ending = ENDINGS[end.reason];
  yield* output.close(ending.status);
  const { usage } = end;
  yield await encodeStatus(`response.${ending.status}`, options, {
    ...ending,
    writing,
    usage,
    output: output.items(),
  });
}

/** The event that tells how far a response has come, when that is kept. */
export async function encodeStatus(
  type: string,
  options: ResponseOptions,
  state: ResponseState,
): Promise<EventDraft> {
  const body = encodeResponse(options, state);
  const told = (await options.onStatus?.(body)) ?? body;
  return { type, response: applyIncludeToResponse(told, options.style.include) };
}
