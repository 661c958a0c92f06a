import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route, RouteGroup } from '../routing/route-group.ts';
import { absentFrom } from './absent.ts';
import { handlePerCaller } from './caller-state.ts';
import { answerModelList, retrieveModel } from './models.ts';
import { chooseBackend, type BackendHandlers } from './request/choose-backend.ts';
import { useDeployment } from './request/deployment.ts';
import { addLimitsToErrors } from './request/headers.ts';
import type { OpenAiOptions } from './openai-options.ts';
import { resolvePath } from './spellings.ts';

/** Creates the routes of OpenAI's API. */
export function createOpenAi(options: OpenAiOptions): RouteGroup {
  return {
    name: 'openai',
    scope: 'openai',
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
  const { gateway, models, stateOf } = options;
  const lazy = handlePerCaller(stateOf, async () => {
    const { createAnswerHandlers } = await import('./answer-handlers.ts');
    return (state) => createAnswerHandlers({ ...options, ...state });
  });
  const ask = (path: string, handlers: BackendHandlers) =>
    post(path, useDeployment(), addLimitsToErrors(gateway), chooseBackend(models, handlers));
  return [
    ask('/v1/chat/completions', { codex: lazy('chatCompletions') }),
    ask('/v1/completions', { codex: lazy('completions') }),
    ask('/v1/responses', { codex: lazy('createResponse') }),
    // Messages on the connection ask models.
    { ...get('/v1/responses', lazy('connectResponses')), isForReaders: false },
    get('/v1/responses/:id', lazy('retrieveResponse')),
    remove('/v1/responses/:id', lazy('deleteResponse')),
    { method: 'post', path: '/v1/responses/:id/cancel', handlers: [lazy('cancelResponse')] },
    get('/v1/responses/:id/input_items', lazy('listInputItems')),
    ask('/v1/responses/compact', { codex: lazy('compactResponse') }),
    post('/v1/responses/input_tokens', useDeployment(), lazy('countInputTokens')),
  ];
}

function conversationRoutes(options: OpenAiOptions): Route[] {
  const lazy = handlePerCaller(options.stateOf, async () => {
    const { createConversationHandlers } = await import('./conversation-handlers.ts');
    return (state) => createConversationHandlers({ ...options, ...state });
  });
  return [
    post('/v1/conversations', lazy('createConversation')),
    get('/v1/conversations/:id', lazy('retrieveConversation')),
    post('/v1/conversations/:id', lazy('updateConversation')),
    remove('/v1/conversations/:id', lazy('deleteConversation')),
    post('/v1/conversations/:id/items', lazy('addItems')),
    get('/v1/conversations/:id/items', lazy('listItems')),
    get('/v1/conversations/:id/items/:item_id', lazy('retrieveItem')),
    remove('/v1/conversations/:id/items/:item_id', lazy('deleteItem')),
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
