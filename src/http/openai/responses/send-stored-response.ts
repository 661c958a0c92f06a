import { GatewayError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { Store, StoredResponse } from '../../../conversation/ports/store.ts';
import { isUnderWay } from '../../../gateway/state/response-history.ts';
import { applyIncludeToResponse } from '../../../openai/items/apply-include.ts';
import type { Retrieval } from '../../../openai/responses/request/decode-retrieval.ts';
import { replayResponse } from '../../../openai/responses/response/replay-response.ts';
import type { Context } from '../../requests/context.ts';
import { createAnswers, type AnswerOptions } from '../request/answer-request.ts';
import type { BackgroundResponses } from './background-responses.ts';
import { frameEvents } from './frame-events.ts';

export interface StoredOptions extends AnswerOptions {
  readonly store: Store | undefined;
  readonly background: BackgroundResponses;
}

/** Answers with a response that was created before, as an object or as its events. */
export type SendStored = (ctx: Context, id: string, retrieval: Retrieval) => Promise<void>;

export function createSendStored(options: StoredOptions): SendStored {
  const { store, background } = options;
  const answers = createAnswers(options);
  return async (ctx, id, { stream, ...wanted }) => {
    // Read first: a response that ends after this is found in the store with its end.
    const live = background.read(id, ctx.state.signal);
    const stored = await findStored(store, id);
    if (!stream) {
      ctx.body = applyIncludeToResponse(stored.body, wanted.include);
      return;
    }
    if (!live && isUnderWay(stored)) throw runsElsewhere(stored);
    const frames = frameEvents(replayResponse(stored, live, wanted));
    // A client that continues after its last event may have to wait long for the next one.
    await answers.sendStream(ctx, { ...frames, opensAtOnce: true });
  };
}

/** Rejects with `response_not_found` for an unknown id. */
export async function findStored(store: Store | undefined, id: string): Promise<StoredResponse> {
  const found = await store?.findResponse(id);
  if (found) return found;
  const why = store ? '' : " Responses are not kept: the setting 'store' is off.";
  throw new GatewayError('response_not_found', `Response with id '${excerpt(id)}' not found.${why}`);
}

function runsElsewhere({ id }: StoredResponse): GatewayError {
  return new GatewayError(
    'invalid_value',
    `The events of '${excerpt(id)}' cannot be streamed: another process of the gateway runs it. Ask without 'stream' until it has ended.`,
    { param: 'stream' },
  );
}
