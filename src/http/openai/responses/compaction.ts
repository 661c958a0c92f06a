import { runInSlices } from '../../../base/async/steps.ts';
import type { Sealing } from '../../../conversation/ports/sealing.ts';
import { askForSummary, readSummary } from '../../../gateway/state/compaction.ts';
import { readReferences } from '../../../openai/items/read-references.ts';
import { decodeCompactRequest } from '../../../openai/responses/request/decode-compact.ts';
import {
  createCompactionEnvelope,
  encodeCompaction,
} from '../../../openai/responses/response/encode-compaction.ts';
import { limitSize } from '../../../openai/vocabulary/limit-size.ts';
import type { Middleware } from '../../requests/context.ts';
import { createAnswers, type AnswerOptions } from '../request/answer-request.ts';
import { policyFor } from '../request/headers.ts';
import type { ResolveReferences } from '../request/references.ts';

export interface CompactionOptions extends AnswerOptions {
  readonly sealing: Sealing;
  readonly resolveReferences: ResolveReferences;
}

/** Answers `POST /v1/responses/compact`. Nothing is stored: the answer holds all that replaces the conversation. */
export function compactResponse(options: CompactionOptions): Middleware {
  const { gateway, sealing, resolveReferences } = options;
  const answers = createAnswers(options);
  return async (ctx) => {
    const body: unknown = ctx.request.body;
    // This body has no field for a conversation, so none must be looked up.
    const named = { ...readReferences(body), conversationId: undefined };
    const { references, unseal } = await resolveReferences(named);
    const decoding = decodeCompactRequest(body, policyFor(ctx, options.policy), references, unseal);
    const { turn, input, ...notices } = await runInSlices(decoding, ctx.state.signal);
    const pending = await answers.begin(ctx, {
      ...notices,
      createHead: createCompactionEnvelope,
      start: (signal, watch) =>
        gateway.answer(askForSummary(turn), signal, {
          caller: ctx.state.caller?.id,
          isSeparate: true,
          ...watch,
        }),
    });
    const conversation = [...references.history, ...input];
    const { events } = await pending.answer;
    const compaction = readSummary(events, limitSize()).then(({ text, usage }) =>
      encodeCompaction({ envelope: pending.head, conversation, sealed: sealing.seal(text), usage }),
    );
    await pending.sendJson(compaction);
  };
}
