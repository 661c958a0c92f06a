import type { JsonObject } from '../../base/json.ts';
import type { AgentRequest } from '../../conversation/ports/agent.ts';

/** A request that waits for a decision, as clients see it. */
export interface Approval {
  readonly request_id: string;
  readonly method: string;
  readonly kind: AgentRequest['kind'];
  readonly title: string;
  readonly description: string;
  readonly preview: string;
  readonly payload: JsonObject;
  readonly turn_id: string;
  /** Unix milliseconds. */
  readonly created_at: number;
  readonly expires_at: number;
  /** Unified diff of an edit. */
  readonly diff?: string;
  /** Command line of a command. */
  readonly command?: string;
  /** True for something that would leave the sandbox. */
  readonly unsandboxed?: true;
}

/**
 * The one who has decided: a client, the time limit, a rule of the gateway, an earlier `allow_session`, or the end of the turn.
 */
export type Decider = 'client' | 'timeout' | 'gateway' | 'session' | 'turn';
