import type { JsonObject } from '../base/json.ts';
import type { AgentEngine, AgentSandbox, Review } from '../conversation/ports/agent.ts';
import type { SessionStore } from '../conversation/ports/session-store.ts';
import type { ApprovalLimits } from './approvals/session-approvals.ts';
import type { AttachmentFiles } from './attachments/attachment-files.ts';
import type { SessionProvider } from './providers/session-provider.ts';
import type { Providers } from './providers/providers.ts';
import type { SessionQueue } from './turns/session-queue.ts';
import type { SessionTools } from './session-tools.ts';
import type { TurnOverlaps } from './turns/turn-overlaps.ts';
import type { TurnHistory } from './workspace/history/turn-history.ts';

/** Choices that are made when a session is created, and stay. */
export interface SessionChoices {
  readonly id: string;
  /** Id of the caller whose session it is: nobody else sees it. */
  readonly owner: string;
  readonly mode: 'workspace' | 'entity';
  readonly workspace: string;
  readonly review: Review;
  readonly sandbox: AgentSandbox;
  readonly model: string | undefined;
  readonly provider: SessionProvider;
  /** True for a session that has the gateway's own tools; records of earlier versions lack it. */
  readonly tools?: boolean;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export type NewSession = Pick<SessionChoices, 'owner'> &
  Partial<SessionChoices> & {
    readonly context?: JsonObject | undefined;
    /** A thread of Codex that the session continues. */
    readonly threadId?: string | undefined;
    /** The title of that thread. */
    readonly title?: string | undefined;
  };

/** Parts that all sessions share. */
export interface SessionParts {
  readonly engine: AgentEngine;
  readonly queue: SessionQueue;
  readonly providers: Pick<Providers, 'copyKey' | 'forget' | 'resolve'>;
  readonly tools: SessionTools;
  readonly files: AttachmentFiles;
  readonly store: SessionStore;
  readonly history: TurnHistory;
  readonly overlaps: TurnOverlaps;
  readonly approvals: ApprovalLimits;
  /** Maximum milliseconds of a turn, without the time in which it waits for a person. */
  readonly turnTimeoutMs: number;
  /** Milliseconds after which an idle session gives up its thread. */
  readonly idleMs: number;
  /** Called with the reason of a failed turn that clients are not shown. */
  onBroken?(problem: string): void;
  /** Called with a session whenever something of it changes. */
  onChange?(sessionId: string): void;
  /** Called with a session that has been idle for so long. */
  onIdle(sessionId: string): void;
}
