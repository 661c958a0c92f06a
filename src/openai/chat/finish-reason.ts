import type { StopReason } from '../../conversation/turn-event.ts';

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
} as const satisfies Record<StopReason, string>;

/** `finish_reason` of a choice. */
export function encodeFinishReason(reason: StopReason, legacyCalls: boolean): string {
  return legacyCalls && reason === 'tool-calls' ? 'function_call' : FINISH_REASONS[reason];
}
