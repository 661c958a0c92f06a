import { connectResponses } from '../web-socket/connect-responses.ts';
import { chatCompletions } from './chat-completions.ts';
import { completions } from './completions.ts';
import type { CallerOptions } from './openai-options.ts';
import { createReferenceResolver } from './request/references.ts';
import { compactResponse } from './responses/compaction.ts';
import { createResponse } from './responses/create-response.ts';
import { countInputTokens } from './responses/input-tokens.ts';
import { createPrepareResponse } from './responses/prepare-response.ts';
import * as stored from './responses/stored-responses.ts';

/** Creates the handlers of one caller's requests that ask a model, and of the responses that result. */
export function createAnswerHandlers(options: CallerOptions) {
  const { gateway, store, sealing } = options;
  const policy = { ...options.policy, stores: store !== undefined };
  const prepareResponse = createPrepareResponse({ gateway, store, policy, unseal: sealing.unseal });
  const responses = { ...options, prepareResponse };
  const resolving = { ...options, resolveReferences: createReferenceResolver(store, sealing.unseal) };
  return {
    chatCompletions: chatCompletions(options),
    completions: completions(options),
    createResponse: createResponse(responses),
    connectResponses: connectResponses(responses),
    retrieveResponse: stored.retrieveResponse(options),
    deleteResponse: stored.deleteResponse(options),
    cancelResponse: stored.cancelResponse(options),
    listInputItems: stored.listInputItems(options),
    compactResponse: compactResponse(resolving),
    countInputTokens: countInputTokens(resolving),
  };
}
