import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Store, StoredResponse } from '../../conversation/ports/store.ts';
import { isUnderWay } from '../../gateway/state/memory.ts';
import type { Retrieval } from '../../openai/responses/request/decode-retrieval.ts';
import { replayResponse } from '../../openai/responses/response/replay-response.ts';
import { applyIncludeToResponse } from '../../openai/items/apply-include.ts';
import { createAnswering, type AnsweringOptions } from '../edge/answering.ts';
import type { Context } from '../requests/context.ts';
import type { BackgroundResponses } from './background-responses.ts';
import { frameEvents } from './frame-events.ts';

export interface StoredOptions extends AnsweringOptions {
  readonly store: Store | undefined;
  readonly background: BackgroundResponses;
}

/** Answers with a response that has begun before, as an object or by its events. */
export type TellStored = (ctx: Context, id: string, wanted: Retrieval) => Promise<void>;

export function createTellStored(options: StoredOptions): TellStored {
  const { store, background } = options;
  const { sendStream } = createAnswering(options);
  return async (ctx, id, { stream, ...wanted }) => {
    // First of all: what ends after this look is found as it has ended.
    const live = background.read(id, ctx.state.signal);
    const stored = await findStored(store, id);
    if (!stream) {
      ctx.body = applyIncludeToResponse(stored.body, wanted.include);
      return;
    }
    if (!live && isUnderWay(stored)) throw runsElsewhere(stored);
    const frames = frameEvents(replayResponse(stored, live, wanted));
    // Who comes back for the rest may have to wait for it.
    await sendStream(ctx, { ...frames, opensAtOnce: true });
  };
}

/** Rejects with a `response_not_found`. */
export async function findStored(store: Store | undefined, id: string): Promise<StoredResponse> {
  const found = await store?.findResponse(id);
  if (found) return found;
  const why = store ? '' : " Responses are not kept: the setting 'store' is off.";
  throw new GatewayError('response_not_found', `Response with id '${excerpt(id)}' not found.${why}`);
}

function runsElsewhere({ id }: StoredResponse): GatewayError {
  return new GatewayError(
    'invalid_value',
    `The events of '${excerpt(id)}' cannot be told: another process of the gateway runs it. Ask without 'stream' until it has ended.`,
    { param: 'stream' },
  );
}
