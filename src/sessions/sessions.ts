import { GatewayError } from '../base/errors.ts';
import type { AgentEngine } from '../conversation/ports/agent.ts';
import { OWN_PROVIDER } from './providers/session-provider.ts';
import { Session } from './session.ts';
import type { SessionChoices, SessionParts } from './session-options.ts';
import { createSessionQueue, type QueueLimits, type QueueLoad } from './turns/session-queue.ts';

/** All sessions of the gateway. */
export interface Sessions {
  create(choices: NewSession): Promise<Session>;
  /** Rejects for a session that does not exist, or belongs to another caller. */
  find(id: string, owner: string): Promise<Session>;
  load(): QueueLoad;
  close(): Promise<void>;
}

export type NewSession = Pick<SessionChoices, 'owner'> & Partial<SessionChoices>;

export interface SessionsOptions extends QueueLimits, Pick<SessionParts, 'files' | 'providers'> {
  readonly engine: AgentEngine;
  /** Folders below which workspaces may lie, with all links resolved; the first is the default one. */
  readonly roots: readonly string[];
  readonly approvalTimeoutMs: number;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { engine, roots, approvalTimeoutMs, files, providers } = options;
  const queue = createSessionQueue(options);
  const sessions = new Map<string, Session>();
  const parts = { engine, queue, approvalTimeoutMs, files, providers };
  return {
    async create(given) {
      const choices: SessionChoices = {
        id: crypto.randomUUID(),
        mode: 'workspace',
        context: {},
        workspace: roots[0]!,
        review: 'edits',
        sandbox: 'workspace-write',
        model: undefined,
        provider: OWN_PROVIDER,
        createdAt: Date.now(),
        ...given,
      };
      const session = new Session(choices, parts);
      sessions.set(choices.id, session);
      return session;
    },
    async find(id, owner) {
      const session = sessions.get(id);
      if (session === undefined || session.choices.owner !== owner)
        throw new GatewayError('session_not_found', 'Session not found');
      return session;
    },
    load: queue.load,
    close: engine.close,
  };
}
