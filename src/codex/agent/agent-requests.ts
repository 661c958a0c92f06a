import type { ServerRequest } from '../../../generated/ServerRequest.js';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Observer } from '../../base/observation.ts';
import type {
  AgentChange,
  AgentRequest,
  RequestAnswer,
  RequestKind,
} from '../../conversation/ports/agent.ts';
import { refuse, refusalOf } from '../protocol/refusals.ts';
import { mayLeaveSandbox } from './escalation.ts';

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

/** A loaded thread, as far as its requests need it. */
export interface AskingThread {
  onRequest(request: AgentRequest): void;
  /** Returns the files that a running item changes. */
  changesOf(itemId: string | undefined): readonly AgentChange[];
  /** Returns the id of the turn that runs; an empty text if none does. */
  turnId(): string;
  /** The file in which the app-server keeps it. */
  readonly rolloutPath: string | undefined;
}

interface AgentRequestsOptions {
  /** Returns undefined for a thread that has no listener. */
  findThread(threadId: string): AskingThread | undefined;
  readonly observer: Observer;
}

export function createAgentRequests({ findThread, observer }: AgentRequestsOptions): AgentRequests {
  /** Our ids, by the app-server's, which begin again with each process. */
  const ids = new Map<string | number, string>();

  return {
    async answer(method, params, rpcId) {
      if (!isAsked(method) || !isJsonObject(params) || rpcId === null) return refuse(method, observer);
      const thread = findThread(String(params.threadId));
      if (thread === undefined) return refuse(method, observer);
      const described = describe(method, params, thread);
      // Nobody can decide about an edit that cannot be shown.
      if (described.kind === 'edit' && described.changes.length === 0) {
        observer.observe({ type: 'server-request-refused', method });
        return encodeAnswer(method, params, { decision: 'deny' });
      }
      const id = crypto.randomUUID();
      ids.set(rpcId, id);
      const isEscalated = await asksForMore(described, thread);
      const answered = Promise.withResolvers<RequestAnswer>();
      // Its turn may have ended in the meantime.
      if (ids.get(rpcId) !== id) return encodeAnswer(method, params, { decision: 'deny' });
      thread.onRequest({ ...described, isEscalated, id, answer: answered.resolve });
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

function describe(
  method: AskedMethod,
  params: JsonObject,
  thread: AskingThread,
): Omit<AgentRequest, 'id' | 'answer' | 'isEscalated'> {
  const kind = KINDS[method];
  const itemId = typeof params.itemId === 'string' ? params.itemId : undefined;
  return {
    kind,
    method,
    turnId: typeof params.turnId === 'string' ? params.turnId : thread.turnId(),
    itemId,
    changes: kind === 'edit' ? thread.changesOf(itemId) : [],
    payload: params,
  };
}

async function asksForMore(
  { kind, payload }: Pick<AgentRequest, 'kind' | 'payload'>,
  { rolloutPath }: AskingThread,
): Promise<boolean> {
  return kind === 'permission' || (kind === 'command' && (await mayLeaveSandbox(payload, rolloutPath)));
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
      // Codex remembers a tool that is allowed for the session, and does not ask again.
      const meta = answer.decision === 'allow_session' ? { persist: 'session' } : null;
      const content = isAllowed ? (answer.content ?? {}) : null;
      return { action: ACTIONS[answer.decision], content, _meta: meta };
    }
  }
}

const ACTIONS = { allow: 'accept', allow_session: 'accept', deny: 'decline', cancel: 'cancel' } as const;
