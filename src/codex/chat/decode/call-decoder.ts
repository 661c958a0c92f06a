import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { GatewayError } from '../../../base/errors.ts';
import { createId } from '../../../base/ids.ts';
import type { ToolCall } from '../../../conversation/item.ts';
import type { PassthroughItemEvent } from '../../../conversation/turn-event.ts';
import { TOP_NAMESPACE, type PassthroughTools } from './passthrough-tools.ts';

/** The calls that a turn's request allows. */
export interface AllowedCalls {
  /** Returns the caller's name of a tool, or undefined for a tool that the request does not offer. */
  toCallerName(codexName: string): string | undefined;
  readonly passthrough: PassthroughTools;
  /** True if the request offers any tool; its caller then also gets calls of tools that it does not offer. */
  readonly offersTools: boolean;
  /** True if the answer ends after its first call. */
  readonly singleCall: boolean;
  /** True if the provider may search the web. */
  readonly webSearch: boolean;
  /** Ids of the calls in the conversation. */
  readonly usedCallIds: readonly string[];
}

/** Collects the calls of an answer. They are reported at its end, because clients take the first call for the end of the text. */
export interface CallDecoder {
  /**
   * Adds the call if the raw item is one. Returns work that the provider has done itself, which is reported at once.
   * Throws for a call that the caller cannot answer.
   */
  add(item: ResponseItem): PassthroughItemEvent[];
  /** Calls in the order of the answer. */
  readonly calls: readonly (ToolCall | PassthroughItemEvent)[];
  /** True once a call has come after the only one that is allowed. */
  readonly isOver: boolean;
}

/** Marks the raw items that are calls or the provider's own work. The rest is text, reasoning or an echo of the input. */
const IS_CALL = {
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

export function createCallDecoder(allowed: AllowedCalls): CallDecoder {
  const { singleCall, passthrough, offersTools } = allowed;
  const used = new Set(allowed.usedCallIds);
  const calls: (ToolCall | PassthroughItemEvent)[] = [];
  let isOver = false;
  return {
    calls,
    get isOver() {
      return isOver;
    },
    add(item) {
      if (isProviderWork(item)) return isAllowedWork(item) ? [decodePassthroughItem(item)] : refuse(item);
      if (!IS_CALL[item.type]) return [];
      isOver ||= singleCall && calls.length > 0;
      if (!isOver) calls.push(decodeCall(item) ?? refuse(item));
      return [];
    },
  };

  function isAllowedWork(item: ResponseItem): boolean {
    return (item.type === 'web_search_call' && allowed.webSearch) || passthrough.admits(item);
  }

  /** Returns undefined for a call that the caller cannot answer. */
  function decodeCall(item: ResponseItem): ToolCall | PassthroughItemEvent | undefined {
    if (item.type === 'tool_search_call') {
      return passthrough.admits(item) ? decodePassthroughItem(item, chooseId(item.call_id)) : undefined;
    }
    if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return undefined;
    const tool = toolOf(item);
    if (tool === undefined) return undefined;
    const callId = chooseId(item.call_id);
    return item.type === 'function_call'
      ? { type: 'tool-call', callId, ...tool, arguments: item.arguments }
      : { type: 'tool-call', callId, ...tool, arguments: item.input, custom: true };
  }

  /** Returns the tool under the caller's own name, or under the name that came if the caller does not offer it. */
  function toolOf(item: FunctionCall | CustomCall): CalledTool | undefined {
    const { name, namespace } = item;
    const group = namespace === undefined ? {} : { namespace };
    if (passthrough.admits(item)) return { name, ...group };
    const isTop = (namespace ?? TOP_NAMESPACE) === TOP_NAMESPACE;
    // The caller's own tools have no namespace and are sent upstream as functions.
    const callerName = isTop && item.type === 'function_call' ? allowed.toCallerName(name) : undefined;
    if (callerName !== undefined) return { name: callerName };
    // Clients answer such a call with an error, from which the model learns.
    if (!offersTools || name === '') return undefined;
    return isTop ? { name } : { name, ...group };
  }

  /** Replaces an id that is missing or in use: some providers number their calls from the start in each answer. */
  function chooseId(given: string | null): string {
    const callId = given === null || given === '' || used.has(given) ? createId('call_') : given;
    used.add(callId);
    return callId;
  }
}

/** Returns true for a call that waits for an output: a turn ends with the answer that has one. */
export function isOpenCall(item: ResponseItem): boolean {
  return IS_CALL[item.type] && !isProviderWork(item);
}

/** Returns true for work that the provider did itself, as opposed to a call that Codex has answered. */
function isProviderWork(item: ResponseItem): boolean {
  if (item.type === 'tool_search_call' || item.type === 'tool_search_output') {
    return item.execution === 'server';
  }
  return item.type === 'web_search_call';
}

/** Removes Codex's own notes from a raw item. With a `callId`, the item is a call that the caller has to answer. */
function decodePassthroughItem(raw: ResponseItem, callId?: string): PassthroughItemEvent {
  const { internal_chat_message_metadata_passthrough: _, ...item } = raw as ResponseItem & {
    readonly internal_chat_message_metadata_passthrough?: unknown;
  };
  return callId === undefined
    ? { type: 'passthrough-item', item, isCall: false }
    : { type: 'passthrough-item', item: { ...item, call_id: callId }, isCall: true };
}

function refuse(item: ResponseItem): never {
  const name = 'name' in item && typeof item.name === 'string' ? item.name : item.type;
  throw new GatewayError(
    'unknown_tool_call',
    `The model called the tool '${name}', which this request does not offer.`,
  );
}
