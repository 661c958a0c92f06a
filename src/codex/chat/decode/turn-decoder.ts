import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { ThreadItem } from '../../../../generated/v2/ThreadItem.js';
import type { TokenUsageBreakdown } from '../../../../generated/v2/TokenUsageBreakdown.js';
import type { Turn } from '../../../../generated/v2/Turn.js';
import { GatewayError, type ErrorCode } from '../../../base/errors.ts';
import type { StopReason, TurnEvent } from '../../../conversation/turn-event.ts';
import { addUsage, type Usage } from '../../../conversation/usage.ts';
import { createCallDecoder, type Offer } from './call-decoder.ts';
import { decodeTurnError } from './decode-error.ts';
import { decodeLimits, resetOf } from '../../protocol/decode-limits.ts';
import { decodeUsage } from './decode-usage.ts';
import type { Asked } from './error-kinds.ts';
import { createMessageDecoder } from './message-decoder.ts';
import type { TurnNotification } from '../../protocol/protocol.ts';
import { createReasoningDecoder } from './reasoning-decoder.ts';

/** Turns the notifications of one thread into the events of its turn. */
export interface TurnDecoder {
  /**
   * Nothing of the turn is to be decoded after a `turn-end`. Throws the `GatewayError` that the turn failed with, or
   * anything else for a notification it cannot read.
   */
  decode(notification: TurnNotification): TurnEvent[];
}

export interface TurnDecoderOptions extends Offer, Asked {
  readonly signedOut: boolean;
  /** Seconds until another try, where the provider does not say. */
  readonly retryAfter: number;
  /** Unix seconds. */
  now(): number;
}

/** What the provider refused by its rules, after it had begun to answer, is an answer that was cut. */
const POLICIES: readonly ErrorCode[] = ['policy_violation', 'misalignment'];

const PROGRESS: TurnEvent[] = [{ type: 'progress' }];

/** Reads the parameters of each notification that a turn reads. */
type Decoders = {
  readonly [M in TurnNotification['method']]: (
    params: Extract<TurnNotification, { method: M }>['params'],
  ) => TurnEvent[];
};

export function createTurnDecoder(options: TurnDecoderOptions): TurnDecoder {
  const messages = createMessageDecoder();
  const reasoning = createReasoningDecoder();
  const calls = createCallDecoder(options);
  let turnId: string | undefined;
  let usage: Usage | null = null;
  let limitResetsAt: number | undefined;

  function decodeItem(item: ThreadItem): TurnEvent[] {
    if (item.type === 'agentMessage') return messages.complete(item.id, item.text);
    return item.type === 'reasoning' ? reasoning.complete(item.id, item.summary) : [];
  }

  /** Items of another turn are the echo of the injected history. */
  function decodeRawItem(item: ResponseItem, itsTurn: string): TurnEvent[] {
    if (itsTurn !== turnId) return [];
    if (item.type === 'message') return messages.cite(item.content);
    if (item.type === 'reasoning') return reasoning.end(item);
    const done = calls.add(item);
    if (calls.isOver) return end('tool-calls', false);
    return done.length > 0 ? done : PROGRESS;
  }

  /** With a call the caller goes on, in another request; Codex would go on by itself. */
  function decodeResponse(itsUsage: TokenUsageBreakdown | null): TurnEvent[] {
    if (itsUsage !== null) usage = addUsage(usage, decodeUsage(itsUsage));
    return calls.calls.length > 0 ? end('tool-calls', true) : [];
  }

  function decodeEnd({ status, error }: Turn): TurnEvent[] {
    // The app-server drops a refusal's text: what is left is an answer that says nothing, and was paid for.
    const isRefusal = !messages.hasSpoken && saysMore(usage);
    if (status === 'completed') return end(isRefusal ? 'content-filter' : 'stop', true);
    if (status === 'interrupted') throw new GatewayError('upstream_error', 'The turn was interrupted.');
    const failure = decodeTurnError(error, { ...options, limitResetsAt, now: options.now() });
    if (!('error' in failure)) return end(failure.reason, false);
    if (!messages.hasSpoken || !POLICIES.includes(failure.error.code)) throw failure.error;
    return end('content-filter', false);
  }

  function end(reason: StopReason, isComplete: boolean): TurnEvent[] {
    return [...calls.calls, { type: 'turn-end', reason, isComplete, usage }];
  }

  const decoders: Decoders = {
    'turn/started': ({ turn }) => {
      turnId = turn.id;
      return [];
    },
    'account/rateLimits/updated': ({ rateLimits }) => {
      limitResetsAt = resetOf(decodeLimits(rateLimits));
      return [];
    },
    'item/started': ({ item }) => {
      if (item.type === 'agentMessage') return messages.begin(item.id, item.phase);
      return item.type === 'reasoning' ? reasoning.begin(item.id) : PROGRESS;
    },
    'item/reasoning/summaryTextDelta': ({ itemId, summaryIndex, delta }) =>
      reasoning.delta(itemId, summaryIndex, delta),
    'item/agentMessage/delta': ({ itemId, delta }) => messages.delta(itemId, delta),
    'item/completed': ({ item }) => decodeItem(item),
    'rawResponseItem/completed': ({ item, turnId: itsTurn }) => decodeRawItem(item, itsTurn),
    'rawResponse/completed': (response) => decodeResponse(response.usage),
    'turn/completed': ({ turn }) => decodeEnd(turn),
  };

  return {
    decode: ({ method, params }) => (decoders[method] as (params: unknown) => TurnEvent[])(params),
  };
}

/** Whether there is more to an answer than what the model has thought. */
function saysMore(usage: Usage | null): boolean {
  return usage !== null && usage.outputTokens > usage.reasoningTokens;
}
