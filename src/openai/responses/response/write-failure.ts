import { ClientGoneError } from '../../../base/client-gone.ts';
import { encodeErrorEvent, encodeResponseError } from './encode-failure.ts';
import type { ResponseState } from './encode-response.ts';
import { encodeResponse } from './encode-response.ts';
import type { OutputWriter } from '../output/output-writer.ts';
import { ResponseCancelledError } from './response-cancelled.ts';
import type { EventDraft } from '../output/response-event.ts';
import type { ResponseOptions, ResponseWriting } from './response-writing.ts';
import { applyIncludeToResponse } from '../../items/apply-include.ts';

export interface FailureOptions extends ResponseOptions {
  /** Hears of a failure that the client is told of within the response. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

interface Failing {
  readonly writing: ResponseWriting | undefined;
  readonly output: OutputWriter;
  readonly options: FailureOptions;
}

/** The last events of a response that does not come to its own end. */
export async function* writeFailure(error: unknown, failing: Failing): AsyncGenerator<EventDraft> {
  if (error instanceof ResponseCancelledError || error instanceof ClientGoneError) {
    const closing = [...failing.output.close('incomplete')];
    // There is no event of its own for it: this is the one of an answer that is cut, of which no client makes a failure.
    const end = await encodeEnd('response.incomplete', failing, { status: 'cancelled' });
    // Kept before anything of it is told: a client that has left hears of nothing more.
    yield* closing;
    yield end;
    return;
  }
  failing.options.onFailure?.(error);
  const end = await encodeEnd('response.failed', failing, {
    status: 'failed',
    error: encodeResponseError(error),
  });
  // Some clients take the one for a failure, some the other.
  yield encodeErrorEvent(error);
  yield end;
}

/** The client hears of it also where it cannot be kept. */
async function encodeEnd(
  type: string,
  { writing, output, options }: Failing,
  state: Pick<ResponseState, 'status' | 'error'>,
): Promise<EventDraft> {
  const body = encodeResponse(options, { ...state, writing, output: output.items() });
  try {
    await options.onStatus?.(body);
  } catch (error) {
    options.onFailure?.(error);
  }
  return { type, response: applyIncludeToResponse(body, options.style.include) };
}
