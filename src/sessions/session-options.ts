import type { AgentEngine, AgentSandbox, Review } from '../conversation/ports/agent.ts';
import type { AttachmentFiles } from './attachments/attachment-files.ts';
import type { SessionProvider } from './providers/session-provider.ts';
import type { Providers } from './providers/providers.ts';
import type { SessionQueue } from './turns/session-queue.ts';

/** Choices that are made when a session is created, and stay. */
export interface SessionChoices {
  readonly id: string;
  /** Id of the caller whose session it is: nobody else sees it. */
  readonly owner: string;
  readonly mode: 'workspace' | 'entity';
  readonly context: Readonly<Record<string, unknown>>;
  readonly workspace: string;
  readonly review: Review;
  readonly sandbox: AgentSandbox;
  readonly model: string | undefined;
  readonly provider: SessionProvider;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

/** Parts that all sessions share. */
export interface SessionParts {
  readonly engine: AgentEngine;
  readonly queue: SessionQueue;
  readonly providers: Pick<Providers, 'forget' | 'resolve'>;
  readonly files: AttachmentFiles;
  readonly approvalTimeoutMs: number;
}
