import type { ServerRequest } from '../../../generated/ServerRequest.js';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Observer } from '../../base/observation.ts';
import type { AgentRequest, RequestAnswer, RequestKind } from '../../conversation/ports/agent.ts';
import { refuse, refusalOf } from '../protocol/refusals.ts';

/** Requests of the app-server that a person decides. Every other one is refused. */
const KINDS = {
  'item/fileChange/requestApproval': 'edit',
  'item/commandExecution/requestApproval': 'command',
  'item/tool/requestUserInput': 'question',
  'item/permissions/requestApproval': 'permission',
  'mcpServer/elicitation/request': 'tool',
} as const satisfies Partial<Record<ServerRequest['method'], RequestKind>>;

type AskedMethod = keyof typeof KINDS;

/** The requests of one app-server that wait for a decision. */
export interface AgentRequests {
  /** Resolves to the answer of a request; refuses one that nobody is asked about. */
  answer(method: string, params: unknown, id: string | number | null): Promise<object | undefined>;
  /** Returns our id of a request that the app-server says is resolved, and forgets it. */
  resolve(id: string | number): string | undefined;
}

interface AgentRequestsOptions {
  /** Returns the one who hears requests of a thread; undefined if nobody does. */
  listenerOf(threadId: string): ((request: AgentRequest) => void) | undefined;
  readonly observer: Observer;
}

export function createAgentRequests({ listenerOf, observer }: AgentRequestsOptions): AgentRequests {
  /** Our ids, by the app-server's, which begin again with each process. */
  const ids = new Map<string | number, string>();

  return {
    async answer(method, params, rpcId) {
      if (!isAsked(method) || !isJsonObject(params) || rpcId === null) return refuse(method, observer);
      const hear = listenerOf(String(params.threadId));
      if (hear === undefined) return refuse(method, observer);
      const id = crypto.randomUUID();
      ids.set(rpcId, id);
      const answered = Promise.withResolvers<RequestAnswer>();
      hear({
        id,
        kind: KINDS[method],
        method,
        turnId: String(params.turnId),
        itemId: typeof params.itemId === 'string' ? params.itemId : undefined,
        payload: params,
        answer: answered.resolve,
      });
      return encodeAnswer(method, params, await answered.promise);
    },
    resolve(rpcId) {
      const id = ids.get(rpcId);
      ids.delete(rpcId);
      return id;
    },
  };
}

function isAsked(method: string): method is AskedMethod {
  return Object.hasOwn(KINDS, method);
}

const DECISIONS = {
  allow: 'accept',
  allow_session: 'acceptForSession',
  deny: 'decline',
  cancel: 'cancel',
} as const;

function encodeAnswer(method: AskedMethod, params: JsonObject, answer: RequestAnswer): object | undefined {
  const isAllowed = answer.decision === 'allow' || answer.decision === 'allow_session';
  switch (method) {
    case 'item/fileChange/requestApproval':
    case 'item/commandExecution/requestApproval':
      return { decision: DECISIONS[answer.decision] };
    case 'item/tool/requestUserInput': {
      const answers = Object.entries(answer.answers ?? {}).map(([id, texts]) => [id, { answers: texts }]);
      return { answers: isAllowed ? Object.fromEntries(answers) : {} };
    }
    case 'item/permissions/requestApproval': {
      const scope = answer.decision === 'allow_session' ? 'session' : 'turn';
      return isAllowed ? { permissions: params.permissions, scope } : refusalOf(method);
    }
    case 'mcpServer/elicitation/request': {
      if (isAllowed) return { action: 'accept', content: answer.content ?? {}, _meta: null };
      const action = answer.decision === 'cancel' ? 'cancel' : 'decline';
      return { action, content: null, _meta: null };
    }
  }
}
