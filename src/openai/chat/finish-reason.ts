import type { StopReason } from '../../conversation/turn-event.ts';

/** `finish_reason` of a choice. */
export const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
} as const satisfies Record<StopReason, string>;
