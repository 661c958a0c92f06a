import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { Sealing } from '../../conversation/ports/sealing.ts';
import { createConversationService } from '../../gateway/state/conversations.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route, RouteGroup } from '../routing/route-group.ts';
import { connectResponses, type ConnectResponsesOptions } from '../web-socket/connect-responses.ts';
import { absentFrom } from './absent.ts';
import { chatCompletions } from './chat-completions.ts';
import { completions } from './completions.ts';
import * as conversations from './conversations.ts';
import { answerModelList, retrieveModel } from './models.ts';
import { chooseBackend, type BackendHandlers } from './request/choose-backend.ts';
import { useDeployment } from './request/deployment.ts';
import { addLimitsToErrors } from './request/headers.ts';
import { createReferenceResolver } from './request/references.ts';
import { compactResponse } from './responses/compaction.ts';
import { createResponse, type ResponsesOptions } from './responses/create-response.ts';
import { countInputTokens } from './responses/input-tokens.ts';
import { createPrepareResponse } from './responses/prepare-response.ts';
import * as stored from './responses/stored-responses.ts';
import { resolvePath } from './spellings.ts';

export interface OpenAiOptions
  extends
    Omit<ResponsesOptions, 'prepareResponse'>,
    Omit<ConnectResponsesOptions, 'prepareResponse' | 'gateway'> {
  readonly models: ModelDirectory;
  readonly sealing: Sealing;
}

/** Creates the routes of OpenAI's API. */
export function createOpenAi(options: OpenAiOptions): RouteGroup {
  return {
    name: 'openai',
    resolve: resolvePath,
    encodeError,
    explainMissing(path) {
      const absent = absentFrom(path);
      return absent === undefined ? undefined : `Codex has no ${absent}.`;
    },
    routes: [...modelRoutes(options), ...answerRoutes(options), ...conversationRoutes(options)],
  };
}

function modelRoutes({ models }: OpenAiOptions): Route[] {
  return [get('/v1/models', answerModelList(models)), get('/v1/models/{*id}', retrieveModel(models))];
}

/** Returns the routes that ask a model, and those of the responses that result. */
function answerRoutes(options: OpenAiOptions): Route[] {
  const { gateway, models, store, sealing } = options;
  const policy = { ...options.policy, stores: store !== undefined };
  const prepareResponse = createPrepareResponse({ gateway, store, policy, unseal: sealing.unseal });
  const responses = { ...options, prepareResponse };
  const resolving = { ...options, resolveReferences: createReferenceResolver(store, sealing.unseal) };
  const ask = (path: string, handlers: BackendHandlers) =>
    post(path, useDeployment(), addLimitsToErrors(gateway), chooseBackend(models, handlers));
  return [
    ask('/v1/chat/completions', { codex: chatCompletions(options) }),
    ask('/v1/completions', { codex: completions(options) }),
    ask('/v1/responses', { codex: createResponse(responses) }),
    get('/v1/responses', connectResponses(responses)),
    get('/v1/responses/:id', stored.retrieveResponse(options)),
    remove('/v1/responses/:id', stored.deleteResponse(options)),
    { method: 'post', path: '/v1/responses/:id/cancel', handlers: [stored.cancelResponse(options)] },
    get('/v1/responses/:id/input_items', stored.listInputItems(options)),
    ask('/v1/responses/compact', { codex: compactResponse(resolving) }),
    post('/v1/responses/input_tokens', useDeployment(), countInputTokens(resolving)),
  ];
}

function conversationRoutes({ store, sealing, policy }: OpenAiOptions): Route[] {
  const options = {
    policy,
    conversations: createConversationService(store),
    resolveReferences: createReferenceResolver(store, sealing.unseal),
  };
  return [
    post('/v1/conversations', conversations.createConversation(options)),
    get('/v1/conversations/:id', conversations.retrieveConversation(options)),
    post('/v1/conversations/:id', conversations.updateConversation(options)),
    remove('/v1/conversations/:id', conversations.deleteConversation(options)),
    post('/v1/conversations/:id/items', conversations.addItems(options)),
    get('/v1/conversations/:id/items', conversations.listItems(options)),
    get('/v1/conversations/:id/items/:item_id', conversations.retrieveItem(options)),
    remove('/v1/conversations/:id/items/:item_id', conversations.deleteItem(options)),
  ];
}

function get(path: string, ...handlers: Middleware[]): Route {
  return { method: 'get', path, handlers };
}

/** Returns a route that gets its body parsed. */
function post(path: string, ...handlers: Middleware[]): Route {
  return { method: 'post', path, body: 'parsed', handlers };
}

function remove(path: string, ...handlers: Middleware[]): Route {
  return { method: 'delete', path, handlers };
}
