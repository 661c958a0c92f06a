import type { AgentInput } from '../../conversation/ports/agent.ts';

/** A message as a session passes it on. */
export interface MessageSources {
  readonly sessionId: string;
  readonly workspace: string;
  /** Context of the host application. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly attachments: readonly {
    readonly name: string;
    readonly mime_type: string;
    readonly data_url: string;
  }[];
}

export interface PreparedInput {
  readonly input: readonly AgentInput[];
  /** Removes the files that only this turn needs. */
  release(): Promise<void>;
}

/** Brings a message with its attachments into the form in which the agent reads it. */
export async function prepareInput({ text }: MessageSources): Promise<PreparedInput> {
  return { input: [{ type: 'text', text }], release: async () => {} };
}
