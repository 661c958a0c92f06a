import type { StopReason } from '../../conversation/turn-event.ts';

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  // Nothing is offered to call.
  'tool-calls': 'stop',
} as const satisfies Record<StopReason, string>;

/** `CompletionChoice`: a whole one, or a piece of one, whose reason is null until the last. */
export function encodeChoice(index: number, text: string, reason: StopReason | null): object {
  return { text, index, logprobs: null, finish_reason: reason && FINISH_REASONS[reason] };
}
