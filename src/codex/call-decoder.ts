import type { ResponseItem } from '../../generated/ResponseItem.js';
import { GatewayError } from '../base/errors.ts';
import { createId } from '../base/ids.ts';
import type { ToolCall } from '../conversation/turn-event.ts';

export interface Offer {
  /** The caller's name of a tool; undefined for one that nobody offered. */
  toCallerName(codexName: string): string | undefined;
  /** Whether the answer is cut after its first call. */
  readonly singleCall: boolean;
  /** Whether the provider may search the web. */
  readonly webSearch: boolean;
  /** Ids of the calls of the conversation. */
  readonly usedCallIds: readonly string[];
}

/** Collects the calls of an answer: clients take the end of it for the end of its calls. */
export interface CallDecoder {
  /** Takes up the call that a raw item is, if it is one. Throws for a call of what nobody offered. */
  add(item: ResponseItem): void;
  /** In the order of the answer. */
  readonly calls: readonly ToolCall[];
  /** Whether a call has come that is not wanted any more. */
  readonly isOver: boolean;
}

/** Items by which a model asks for work; the rest is text, thought or an echo of the input. */
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

export function createCallDecoder({ toCallerName, singleCall, webSearch, usedCallIds }: Offer): CallDecoder {
  const used = new Set(usedCallIds);
  const calls: ToolCall[] = [];
  let isOver = false;
  return {
    calls,
    get isOver() {
      return isOver;
    },
    add(item) {
      if (!CALLS[item.type] || (item.type === 'web_search_call' && webSearch)) return;
      isOver ||= singleCall && calls.length > 0;
      if (isOver) return;
      const name = item.type === 'function_call' ? toCallerName(item.name) : undefined;
      if (item.type !== 'function_call' || name === undefined) throw unknownToolCall(item);
      calls.push({ type: 'tool-call', callId: chooseId(item.call_id), name, arguments: item.arguments });
    },
  };

  /** Some providers count their calls anew with each answer: a result could not be told from another's. */
  function chooseId(given: string): string {
    const callId = used.has(given) ? createId('call_') : given;
    used.add(callId);
    return callId;
  }
}

function unknownToolCall(item: ResponseItem): GatewayError {
  const name = 'name' in item && typeof item.name === 'string' ? item.name : item.type;
  return new GatewayError(
    'unknown_tool_call',
    `The model called the tool '${name}', which this request does not offer.`,
  );
}
