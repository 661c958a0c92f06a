import type { AgentTools, Review } from '../conversation/ports/agent.ts';

/** A session that wants the tools. */
interface ToolSession {
  readonly id: string;
  /** Id of the caller whose session it is. */
  readonly owner: string;
  readonly review: Review;
}

/** The gateway's own tools, for sessions that want them. */
export interface SessionTools {
  /**
   * Resolves to the way to the tools, with a new key in place of an earlier one. Rejects with a `GatewayError` if the caller whose
   * session it is may not use them.
   */
  open(session: ToolSession): Promise<AgentTools>;
  /** Ends the key of a session. */
  forget(sessionId: string): void;
}
