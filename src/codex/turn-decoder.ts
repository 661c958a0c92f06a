import type { ResponseItem } from '../../generated/ResponseItem.js';
import type { RateLimitSnapshot } from '../../generated/v2/RateLimitSnapshot.js';
import type { ThreadItem } from '../../generated/v2/ThreadItem.js';
import type { Turn } from '../../generated/v2/Turn.js';
import { GatewayError, type ErrorCode } from '../base/errors.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import { addUsage, type Usage } from '../conversation/usage.ts';
import { decodeTurnError } from './decode-error.ts';
import { decodeUsage } from './decode-usage.ts';
import type { TurnNotification } from './protocol.ts';

/** Turns the notifications of one thread into the events of its turn. */
export interface TurnDecoder {
  /** Throws the `GatewayError` that the turn failed with, or anything else for a notification it cannot read. */
  decode(notification: TurnNotification): TurnEvent[];
}

export interface TurnDecoderOptions {
  readonly signedOut: boolean;
  /** Unix seconds. */
  now(): number;
}

/** Items by which a model asks for work; the rest is text, thought or an echo of the input. */
const ITEMS = {
  function_call: 'call',
  custom_tool_call: 'call',
  local_shell_call: 'call',
  tool_search_call: 'call',
  web_search_call: 'call',
  image_generation_call: 'call',
  additional_tools: 'other',
  agent_message: 'other',
  compaction: 'other',
  compaction_trigger: 'other',
  configuration_update: 'other',
  context_compaction: 'other',
  custom_tool_call_output: 'other',
  function_call_output: 'other',
  message: 'other',
  other: 'other',
  reasoning: 'other',
  tool_search_output: 'other',
} as const satisfies Record<ResponseItem['type'], 'call' | 'other'>;

/** What the provider refused by its rules, after it had begun to answer, is an answer that was cut. */
const POLICIES: readonly ErrorCode[] = ['policy_violation', 'misalignment'];

export function createTurnDecoder({ signedOut, now }: TurnDecoderOptions): TurnDecoder {
  /** How much of each message has gone out, in UTF-16 code units, by item id. */
  const sent = new Map<string, number>();
  let turnId: string | undefined;
  let usage: Usage | null = null;
  let limitResetsAt: number | undefined;

  function decodeText(itemId: string, text: string): TurnEvent[] {
    if (text === '') return [];
    sent.set(itemId, (sent.get(itemId) ?? 0) + text.length);
    return [{ type: 'text-delta', text }];
  }

  /** A provider may send a message whole, or in part: what no delta brought follows here. */
  function decodeItem(item: ThreadItem): TurnEvent[] {
    return item.type === 'agentMessage' ? decodeText(item.id, item.text.slice(sent.get(item.id) ?? 0)) : [];
  }

  /** Items of another turn are the echo of the injected history. */
  function checkRawItem(item: ResponseItem, itsTurn: string): TurnEvent[] {
    if (itsTurn === turnId && ITEMS[item.type] === 'call') throw unknownToolCall(item);
    return [];
  }

  function decodeEnd(turn: Turn): TurnEvent[] {
    if (turn.status === 'completed') return [{ type: 'turn-end', reason: 'stop', usage }];
    if (turn.status === 'interrupted') throw new GatewayError('upstream_error', 'The turn was interrupted.');
    const failure = decodeTurnError(turn.error, { signedOut, limitResetsAt, now: now() });
    if (!('error' in failure)) return [{ type: 'turn-end', reason: failure.reason, usage }];
    if (sent.size === 0 || !POLICIES.includes(failure.error.code)) throw failure.error;
    return [{ type: 'turn-end', reason: 'content-filter', usage }];
  }

  return {
    decode({ method, params }) {
      switch (method) {
        case 'turn/started':
          turnId = params.turn.id;
          return [];
        case 'account/rateLimits/updated':
          limitResetsAt = resetOf(params.rateLimits);
          return [];
        case 'item/started':
          return [{ type: 'progress' }];
        case 'item/agentMessage/delta':
          return decodeText(params.itemId, params.delta);
        case 'item/completed':
          return decodeItem(params.item);
        case 'rawResponseItem/completed':
          return checkRawItem(params.item, params.turnId);
        case 'rawResponse/completed':
          if (params.usage !== null) usage = addUsage(usage, decodeUsage(params.usage));
          return [];
        case 'turn/completed':
          return decodeEnd(params.turn);
      }
    },
  };
}

/** Unix seconds at which the last of the used-up windows is filled again. */
function resetOf({ primary, secondary }: RateLimitSnapshot): number | undefined {
  const resets = [primary, secondary].map((window) =>
    window && window.usedPercent >= 100 ? window.resetsAt : null,
  );
  return resets.filter((reset) => reset !== null).toSorted((a, b) => b - a)[0];
}

function unknownToolCall(item: ResponseItem): GatewayError {
  const name = 'name' in item && typeof item.name === 'string' ? item.name : item.type;
  return new GatewayError(
    'unknown_tool_call',
    `The model called the tool '${name}', which this request does not offer.`,
  );
}
