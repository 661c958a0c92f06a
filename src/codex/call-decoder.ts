import type { ResponseItem } from '../../generated/ResponseItem.js';
import { GatewayError } from '../base/errors.ts';
import { createId } from '../base/ids.ts';
import type { ToolCall } from '../conversation/item.ts';
import type { NativeItemEvent } from '../conversation/turn-event.ts';
import { decodeNativeItem } from './decode-native-item.ts';
import { TOP_GROUP, type NativeOffer } from './native-offer.ts';

export interface Offer {
  /** The caller's name of a tool; undefined for one that nobody offered. */
  toCallerName(codexName: string): string | undefined;
  /** Tools in the provider's own form. */
  readonly native: NativeOffer;
  /** Whether the answer is cut after its first call. */
  readonly singleCall: boolean;
  /** Whether the provider may search the web. */
  readonly webSearch: boolean;
  /** Ids of the calls of the conversation. */
  readonly usedCallIds: readonly string[];
}

/** Collects the calls of an answer: clients take the end of it for the end of its calls. */
export interface CallDecoder {
  /**
   * Takes up the call that a raw item is, if it is one. Returns work that the provider has done by itself, which is told
   * at once. Throws for a call of what nobody offered.
   */
  add(item: ResponseItem): NativeItemEvent[];
  /** In the order of the answer. */
  readonly calls: readonly (ToolCall | NativeItemEvent)[];
  /** Whether a call has come that is not wanted any more. */
  readonly isOver: boolean;
}

/** Items by which a model asks for work, or tells of what the provider did; the rest is text, thought or an echo of the input. */
const CALLS = {
  function_call: true,
  custom_tool_call: true,
  local_shell_call: true,
  tool_search_call: true,
  web_search_call: true,
  image_generation_call: true,
  additional_tools: false,
  agent_message: false,
  compaction: false,
  compaction_trigger: false,
  configuration_update: false,
  context_compaction: false,
  custom_tool_call_output: false,
  function_call_output: false,
  message: false,
  other: false,
  reasoning: false,
  tool_search_output: false,
} as const satisfies Record<ResponseItem['type'], boolean>;

export function createCallDecoder(offer: Offer): CallDecoder {
  const { singleCall, native } = offer;
  const used = new Set(offer.usedCallIds);
  const calls: (ToolCall | NativeItemEvent)[] = [];
  let isOver = false;
  return {
    calls,
    get isOver() {
      return isOver;
    },
    add(item) {
      if (isOwnWork(item)) return isAllowedWork(item) ? [decodeNativeItem(item)] : refuse(item);
      if (!CALLS[item.type]) return [];
      isOver ||= singleCall && calls.length > 0;
      if (!isOver) calls.push(decodeCall(item) ?? refuse(item));
      return [];
    },
  };

  function isAllowedWork(item: ResponseItem): boolean {
    return (item.type === 'web_search_call' && offer.webSearch) || native.admits(item);
  }

  /** Undefined for a call of what nobody offered. */
  function decodeCall(item: ResponseItem): ToolCall | NativeItemEvent | undefined {
    const admitted = native.admits(item);
    if (item.type === 'function_call') {
      const name = admitted ? item.name : nameIn(item);
      if (name === undefined) return undefined;
      const call = {
        type: 'tool-call',
        callId: chooseId(item.call_id),
        name,
        arguments: item.arguments,
      } as const;
      return { ...call, ...(admitted && groupOf(item)) };
    }
    if (!admitted) return undefined;
    if (item.type === 'custom_tool_call') {
      const { name, input } = item;
      const call = { type: 'tool-call', callId: chooseId(item.call_id), name, arguments: input } as const;
      return { ...call, custom: true, ...groupOf(item) };
    }
    if (item.type !== 'tool_search_call') return undefined;
    return decodeNativeItem(item, chooseId(item.call_id));
  }

  /** A tool of the caller's own belongs to no group. */
  function nameIn({ name, namespace }: { readonly name: string; readonly namespace?: string }) {
    return (namespace ?? TOP_GROUP) === TOP_GROUP ? offer.toCallerName(name) : undefined;
  }

  /** Some providers count their calls anew with each answer: a result could not be told from another's. */
  function chooseId(given: string | null): string {
    const callId = given === null || given === '' || used.has(given) ? createId('call_') : given;
    used.add(callId);
    return callId;
  }
}

function groupOf({ namespace }: { readonly namespace?: string }): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

/** A search that the provider makes by itself says so; what Codex itself answers a call with is no work of the provider. */
function isOwnWork(item: ResponseItem): boolean {
  if (item.type === 'tool_search_call' || item.type === 'tool_search_output')
    return item.execution === 'server';
  return item.type === 'web_search_call';
}

function refuse(item: ResponseItem): never {
  const name = 'name' in item && typeof item.name === 'string' ? item.name : item.type;
  throw new GatewayError(
    'unknown_tool_call',
    `The model called the tool '${name}', which this request does not offer.`,
  );
}
