import type { StopReason, TurnEvent } from '../../conversation/turn-event.ts';
import { sumUsage, type Usage } from '../../conversation/usage.ts';

/** Turns the events of one choice, in their order, into updates: what each of them adds to the choice. */
export type UpdateEncoder<Update> = (event: TurnEvent) => readonly Update[];

/** The choices of one completion, chat or text, while their turns run. */
export interface Choices<State> {
  /** Returns the state of a choice before its next events, and notes its end and its usage. */
  advance(index: number, events: readonly TurnEvent[]): State;
  /** Returns the states of all choices; throws if one of them has not ended. */
  complete(): readonly State[];
  /** Returns the index of the first of `n` choices that has not ended; 0 if all have. */
  firstOpen(n: number): number;
  /** Returns `CompletionUsage` of all choices together; undefined if one of them was not counted. */
  encodeUsage(): object | undefined;
}

interface Choice<State> {
  readonly state: State;
  ended: boolean;
  usage: Usage | null;
}

export function createChoices<State>(createState: () => State): Choices<State> {
  const choices: Choice<State>[] = [];
  return {
    advance(index, events) {
      const choice = (choices[index] ??= { state: createState(), ended: false, usage: null });
      const end = events.at(-1);
      if (end?.type === 'turn-end') {
        choice.ended = true;
        choice.usage = end.usage;
      }
      return choice.state;
    },
    complete() {
      return choices.map(({ state, ended }) => {
        if (!ended) throw new Error('the turn ended without a turn-end event');
        return state;
      });
    },
    firstOpen(n) {
      const open = Array.from({ length: n }, (_, index) => index).find((index) => !choices[index]?.ended);
      return open ?? 0;
    },
    encodeUsage() {
      const [first = null, ...rest] = choices.map(({ usage }) => usage);
      const total = rest.reduce(sumUsage, first);
      return total === null ? undefined : encodeUsage(total);
    },
  };
}

/** Encodes usage with all three counts, because clients read them without a check. */
function encodeUsage(usage: Usage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteInputTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(usage.estimated && { estimated: true }),
  };
}

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
} as const satisfies Record<Exclude<StopReason, 'tool-calls'>, string>;

/** Encodes a `finish_reason`; `ofCalls` is the contract's own reason for a choice that ends with calls. */
export function encodeFinishReason(reason: StopReason, ofCalls: string): string {
  return reason === 'tool-calls' ? ofCalls : FINISH_REASONS[reason];
}
