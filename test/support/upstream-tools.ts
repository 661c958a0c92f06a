import type { ServerResponse } from 'node:http';
import {
  say,
  sendCompleted,
  sendEvent,
  startResponse,
  type Script,
  type UpstreamRequest,
} from './upstream.ts';

/** A call of a function, as a model makes it. */
export interface ScriptedCall {
  readonly name: string;
  /** A string is sent unchanged. */
  readonly arguments: object | string;
}

const argumentsOf = ({ arguments: given }: ScriptedCall) =>
  typeof given === 'string' ? given : JSON.stringify(given);

/** The `call_id` of a call by its place among all calls of a conversation. */
export const callId = (place: number) => `call_${place + 1}`;

/** Answers with function calls side by side, their arguments in pieces. */
export function call(...calls: readonly ScriptedCall[]): Script {
  return (request, response) => {
    const answered = outputsOf(request).length;
    startResponse(response);
    sendCalls(response, calls, answered);
    sendCompleted(response);
  };
}

/** Calls a tool that takes a text, in pieces. */
export function callCustom(name: string, input: string): Script {
  return (_request, response) => {
    startResponse(response);
    const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: callId(0), name };
    const place = { item_id: item.id, output_index: 0 };
    sendEvent(response, {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, status: 'in_progress', input: '' },
    });
    for (const delta of input.match(/.{1,7}/gsu) ?? [])
      sendEvent(response, { type: 'response.custom_tool_call_input.delta', ...place, delta });
    sendEvent(response, { type: 'response.custom_tool_call_input.done', ...place, input });
    sendEvent(response, {
      type: 'response.output_item.done',
      output_index: 0,
      item: { ...item, status: 'completed', input },
    });
    sendCompleted(response);
  };
}

/** Makes calls in an answer that is under way; the first has the place `from`. */
export function sendCalls(response: ServerResponse, calls: readonly ScriptedCall[], from = 0): void {
  for (const [index, one] of calls.entries()) sendCall(response, one, { index, id: callId(from + index) });
}

/**
 * Answers with the calls of one round after the other, each as soon as the conversation holds the outputs of those
 * before it, and then with a text.
 */
export function callInRounds(rounds: readonly (readonly ScriptedCall[])[], text: string): Script {
  const starts = rounds.map((_, index) => rounds.slice(0, index).flat().length);
  return (request, response) => {
    const round = rounds[starts.indexOf(outputsOf(request).length)];
    return (round ? call(...round) : say(text))(request, response);
  };
}

interface CallPlace {
  /** Among the items of the answer. */
  readonly index: number;
  readonly id: string;
}

function sendCall(response: ServerResponse, call: ScriptedCall, { index, id }: CallPlace): void {
  const text = argumentsOf(call);
  const item = { type: 'function_call', id: `fc_${id}`, call_id: id, name: call.name };
  const place = { item_id: item.id, output_index: index };
  sendEvent(response, {
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, status: 'in_progress', arguments: '' },
  });
  for (const delta of text.match(/.{1,7}/gsu) ?? []) {
    sendEvent(response, { type: 'response.function_call_arguments.delta', ...place, delta });
  }
  sendEvent(response, { type: 'response.function_call_arguments.done', ...place, arguments: text });
  sendEvent(response, {
    type: 'response.output_item.done',
    output_index: index,
    item: { ...item, status: 'completed', arguments: text },
  });
}

/** Answers by JSON where the request asks for a schema, and in plain words where it does not. */
export function sayFormatted(value: object): Script {
  return (request, response) => {
    const answer =
      formatOf(request)?.type === 'json_schema' ? JSON.stringify(value) : 'No JSON was asked for.';
    return say(...(answer.match(/.{1,9}/gsu) ?? []))(request, response);
  };
}

interface Format {
  readonly type: string;
  readonly strict?: boolean;
  readonly schema?: object;
}

/** `text.format` of a request: how its answer is to be written. */
export function formatOf({ body }: UpstreamRequest): Format | undefined {
  return (body.text as { readonly format?: Format } | undefined)?.format;
}

/** The texts that the calls of the conversation were answered with, in order. */
export function outputsOf({ body }: UpstreamRequest): string[] {
  return body.input
    .filter(({ type }) => type === 'function_call_output')
    .map(({ output = '' }) =>
      typeof output === 'string' ? output : output.map(({ text }) => text ?? '').join(''),
    );
}

/** Returns the requests before any call had its output. */
export function askedFirst(requests: readonly UpstreamRequest[]): UpstreamRequest[] {
  return requests.filter((request) => !hasOutputs(request));
}

/** Returns true if any call has its output. */
function hasOutputs({ body }: UpstreamRequest): boolean {
  return body.input.some(({ type = '' }) => type.endsWith('_output'));
}

/**
 * Answers what is asked before any call has its output, and nothing else: Codex answers a call that it cannot hand on by
 * itself, and may begin to ask again before it is stopped.
 */
export function onlyFirst(script: Script): Script {
  return (request, response) => {
    if (!hasOutputs(request)) return script(request, response);
    startResponse(response);
  };
}

/** A tool, or a namespace of tools. */
interface OfferedTool {
  readonly name?: string;
  readonly tools?: readonly OfferedTool[];
}

/** Names of the functions that a model is offered, at the top of the request or in an item of its conversation. */
export function offeredTools({ body }: UpstreamRequest): string[] {
  const lists = [body.tools ?? [], ...body.input.map(({ tools }) => tools ?? [])] as OfferedTool[][];
  return lists.flat().flatMap((tool) => (tool.tools ?? [tool]).map(({ name }) => name ?? ''));
}
