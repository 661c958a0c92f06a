import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { GatewayError } from '../../../base/errors.ts';
import { createId } from '../../../base/ids.ts';
import type { ToolCall } from '../../../conversation/item.ts';
import type { PassthroughItemEvent } from '../../../conversation/turn-event.ts';
import { decodeNativeItem } from './decode-native-item.ts';
import { TOP_GROUP, type NativeOffer } from '../native-offer.ts';

export interface Offer {
  /** The caller's name of a tool; undefined for one that nobody offered. */
  toCallerName(codexName: string): string | undefined;
  /** Tools in the provider's own form. */
  readonly native: NativeOffer;
  /** True if the request offers any tool; its caller then gets calls of other tools, too. */
  readonly offersTools: boolean;
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
   * Adds the call if the raw item is one. Returns work that the provider has done by itself, which is reported at once.
   * Throws for a call that cannot be handed to the caller.
   */
  add(item: ResponseItem): PassthroughItemEvent[];
  /** In the order of the answer. */
  readonly calls: readonly (ToolCall | PassthroughItemEvent)[];
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

type FunctionCall = Extract<ResponseItem, { type: 'function_call' }>;
type CustomCall = Extract<ResponseItem, { type: 'custom_tool_call' }>;
type CalledTool = Pick<ToolCall, 'name' | 'namespace'>;

export function createCallDecoder(offer: Offer): CallDecoder {
  const { singleCall, native, offersTools } = offer;
  const used = new Set(offer.usedCallIds);
  const calls: (ToolCall | PassthroughItemEvent)[] = [];
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

  /** Returns undefined for a call that cannot be handed to the caller. */
  function decodeCall(item: ResponseItem): ToolCall | PassthroughItemEvent | undefined {
    if (item.type === 'tool_search_call')
      return native.admits(item) ? decodeNativeItem(item, chooseId(item.call_id)) : undefined;
    if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return undefined;
    const tool = toolOf(item);
    if (tool === undefined) return undefined;
    const callId = chooseId(item.call_id);
    return item.type === 'function_call'
      ? { type: 'tool-call', callId, ...tool, arguments: item.arguments }
      : { type: 'tool-call', callId, ...tool, arguments: item.input, custom: true };
  }

  /** Returns the tool under the caller's own name, or the name as it came if the caller does not offer it. */
  function toolOf(item: FunctionCall | CustomCall): CalledTool | undefined {
    const { name, namespace } = item;
    const group = namespace === undefined ? {} : { namespace };
    if (native.admits(item)) return { name, ...group };
    const isTop = (namespace ?? TOP_GROUP) === TOP_GROUP;
    // The caller's own tools belong to no group, and go up as functions.
    const own = isTop && item.type === 'function_call' ? offer.toCallerName(name) : undefined;
    if (own !== undefined) return { name: own };
    // Clients answer such a call by an error of their own, from which the model learns.
    if (!offersTools || name === '') return undefined;
    return isTop ? { name } : { name, ...group };
  }

  /** Some providers count their calls anew with each answer: a result could not be told from another's. */
  function chooseId(given: string | null): string {
    const callId = given === null || given === '' || used.has(given) ? createId('call_') : given;
    used.add(callId);
    return callId;
  }
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
