import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { TokenUsageBreakdown } from '../../../../generated/v2/TokenUsageBreakdown.js';
import type { Turn } from '../../../../generated/v2/Turn.js';
import type { TurnError } from '../../../../generated/v2/TurnError.js';
import type { ErrorCode } from '../../../base/errors.ts';
import type { StopReason, TurnEvent } from '../../../conversation/turn-event.ts';
import { addUsage, type Usage } from '../../../conversation/usage.ts';
import { createCallDecoder, type AllowedCalls, type CallDecoder } from './call-decoder.ts';
import { reasonOfFallback } from './decode-fallback.ts';
import { brokenOff, decodeTurnError } from './decode-turn-error.ts';
import { decodeLimits, resetOf } from './decode-limits.ts';
import type { TurnFacts } from './failure-kinds.ts';
import { createMessageDecoder, type MessageDecoder } from './message-decoder.ts';
import type { TurnNotification } from './turn-notifications.ts';
import { createReasoningDecoder, type ReasoningDecoder } from './reasoning-decoder.ts';

/** Turns the notifications of one thread into the events of its turn. */
export interface TurnDecoder {
  /**
   * Adds the events of a notification to an array; none may be decoded after a `turn-end`. Throws the `GatewayError` of a
   * failed turn, or any other error for a notification that it cannot read.
   */
  decode(notification: TurnNotification, events: TurnEvent[]): void;
}

export interface TurnDecoderOptions extends AllowedCalls, TurnFacts {
  readonly signedOut: boolean;
  /** Seconds until another try, if the provider does not say. */
  readonly retryAfter: number;
  /** Unix seconds. */
  now(): number;
}

/** Errors that only cut an answer short if the provider had already begun it. */
const POLICIES: readonly ErrorCode[] = ['policy_violation', 'misalignment'];

const PROGRESS: TurnEvent = { type: 'progress' };

/** Everything known of the turn while it runs. */
interface TurnState {
  readonly options: TurnDecoderOptions;
  readonly messages: MessageDecoder;
  readonly reasoning: ReasoningDecoder;
  readonly calls: CallDecoder;
  turnId: string | undefined;
  /** True once the model has begun an item: another attempt would repeat it. */
  hasBegun: boolean;
  usage: Usage | null;
  /** Unix seconds. */
  limitResetsAt: number | undefined;
}

export function createTurnDecoder(options: TurnDecoderOptions): TurnDecoder {
  const state: TurnState = {
    options,
    messages: createMessageDecoder(),
    reasoning: createReasoningDecoder(),
    calls: createCallDecoder(options),
    turnId: undefined,
    hasBegun: false,
    usage: null,
    limitResetsAt: undefined,
  };
  return {
    decode: ({ method, params }, events) =>
      (DECODERS[method] as (state: TurnState, params: unknown, events: TurnEvent[]) => void)(
        state,
        params,
        events,
      ),
  };
}

/** A decoder for the parameters of each notification that belongs to a turn. */
const DECODERS: {
  readonly [M in TurnNotification['method']]: (
    state: TurnState,
    params: Extract<TurnNotification, { method: M }>['params'],
    events: TurnEvent[],
  ) => void;
} = {
  'turn/started': (state, { turn }) => {
    state.turnId = turn.id;
  },
  'account/rateLimits/updated': (state, { rateLimits }) => {
    state.limitResetsAt = resetOf(decodeLimits(rateLimits));
  },
  'item/started': (state, { item }, events) => {
    const { messages, reasoning } = state;
    state.hasBegun = true;
    if (item.type === 'agentMessage') messages.begin(item.id, item.phase, events);
    else if (item.type === 'reasoning') reasoning.begin(item.id, events);
    else events.push(PROGRESS);
  },
  'item/reasoning/summaryTextDelta': ({ reasoning }, { itemId, summaryIndex, delta }, events) =>
    reasoning.delta(itemId, summaryIndex, delta, events),
  'item/agentMessage/delta': ({ messages }, { itemId, delta }, events) =>
    messages.delta(itemId, delta, events),
  'item/completed': ({ messages, reasoning }, { item }, events) => {
    if (item.type === 'agentMessage') messages.complete(item.id, item.text, events);
    else if (item.type === 'reasoning') reasoning.complete(item.id, item.summary, events);
  },
  'rawResponseItem/completed': (state, { item, turnId }, events) => {
    // Items of another turn are the echo of the injected history.
    if (turnId === state.turnId) decodeRawItem(state, item, events);
  },
  'rawResponse/completed': (state, { usage }, events) => decodeResponse(state, usage, events),
  'turn/completed': (state, { turn }, events) => decodeEnd(state, turn, events),
  warning: (state, { message }, events) => {
    const reason = reasonOfFallback(message);
    // Codex sends the turn once more, and would repeat what the model has begun.
    if (reason !== undefined && state.hasBegun) decodeFailure(state, { message: reason }, events);
  },
};

function decodeRawItem(state: TurnState, item: ResponseItem, events: TurnEvent[]): void {
  const { messages, reasoning, calls } = state;
  state.hasBegun = true;
  if (item.type === 'message') return messages.cite(item.content, events);
  if (item.type === 'reasoning') return reasoning.end(item, events);
  const work = calls.add(item);
  if (calls.isOver) end(state, 'tool-calls', false, events);
  else if (work.length > 0) events.push(...work);
  else events.push(PROGRESS);
}

/** Ends the turn at a response with calls: the caller continues in another request. Codex would continue by itself. */
function decodeResponse(state: TurnState, usage: TokenUsageBreakdown | null, events: TurnEvent[]): void {
  if (usage !== null) state.usage = addUsage(state.usage, decodeUsage(usage));
  if (state.calls.calls.length > 0) end(state, 'tool-calls', true, events);
}

function decodeEnd(state: TurnState, { status, error }: Turn, events: TurnEvent[]): void {
  const { messages, usage } = state;
  // The app-server drops the text of a refusal. What remains is an empty answer that cost tokens.
  const isRefusal = !messages.hasText && hasOutputBesideReasoning(usage);
  if (status === 'completed') return end(state, isRefusal ? 'content-filter' : 'stop', true, events);
  if (status === 'interrupted') throw brokenOff(undefined, 'The turn was interrupted.');
  decodeFailure(state, error, events);
}

function decodeFailure(state: TurnState, error: Partial<TurnError> | null, events: TurnEvent[]): void {
  const { options, messages, limitResetsAt } = state;
  const failure = decodeTurnError(error, { ...options, limitResetsAt, now: options.now() });
  if (!('error' in failure)) return end(state, failure.reason, false, events);
  if (!messages.hasText || !POLICIES.includes(failure.error.code)) throw failure.error;
  end(state, 'content-filter', false, events);
}

function end(
  { calls, usage }: TurnState,
  reason: StopReason,
  isComplete: boolean,
  events: TurnEvent[],
): void {
  events.push(...calls.calls, { type: 'turn-end', reason, isComplete, usage });
}

function hasOutputBesideReasoning(usage: Usage | null): boolean {
  return usage !== null && usage.outputTokens > usage.reasoningTokens;
}

/** Decodes `rawResponse/completed.usage`; counters that another Codex version leaves out are 0. */
function decodeUsage(usage: Partial<TokenUsageBreakdown>): Usage {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  return {
    inputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
    cacheWriteInputTokens: usage.cacheWriteInputTokens ?? 0,
    outputTokens,
    reasoningTokens: usage.reasoningOutputTokens ?? 0,
    totalTokens: usage.totalTokens ?? inputTokens + outputTokens,
  };
}
