import type { Adjustment } from './adjustment.ts';
import type { Usage } from './usage.ts';

/** Why the model stopped. */
export type StopReason = 'stop' | 'length' | 'content-filter';

/** What a running turn tells, in order; `turn-end` is the last. A failed turn throws instead. */
export type TurnEvent =
  /** The first: the engine has taken the conversation, and nothing has gone to a model yet. */
  | { readonly type: 'turn-start'; readonly adjustments: readonly Adjustment[] }
  /** The provider is at work, but has sent nothing for the caller yet. */
  | { readonly type: 'progress' }
  | { readonly type: 'text-delta'; readonly text: string }
  /** `usage` is null where the provider did not count. */
  | { readonly type: 'turn-end'; readonly reason: StopReason; readonly usage: Usage | null };
