import type { ServerResponse } from 'node:http';
import { say, sendEvent, startResponse, type Script } from './upstream.ts';

/** One call that the scripted model makes of Codex's own tools. */
export type AgentCall =
  | { readonly patch: string }
  | { readonly command: string; readonly escalated?: boolean }
  /** JavaScript, with which newer models call tools. */
  | { readonly script: string }
  /** A search among the tools that Codex does not show by itself. */
  | { readonly toolSearch: string }
  | { readonly function: string; readonly namespace?: string; readonly arguments: object };

/** Returns a patch as the model writes it. */
export function patchOf(...lines: readonly string[]): AgentCall {
  return { patch: ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n') };
}

/** Answers each request with the next step: calls, or the text that ends the turn; the last step repeats. */
export function act(...steps: readonly (string | readonly AgentCall[])[]): Script {
  let index = 0;
  return async (request, response) => {
    const step = steps[Math.min(index, steps.length - 1)] ?? '';
    index += 1;
    if (typeof step === 'string') await say(step)(request, response);
    else sendCalls(response, step);
  };
}

let count = 0;

function sendCalls(response: ServerResponse, calls: readonly AgentCall[]): void {
  startResponse(response);
  for (const [index, call] of calls.entries()) {
    const item = itemOf(call);
    sendEvent(response, { type: 'response.output_item.added', output_index: index, item });
    sendEvent(response, { type: 'response.output_item.done', output_index: index, item });
  }
  const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };
  sendEvent(response, { type: 'response.completed', response: { id: 'resp_1', usage } });
  response.end();
}

function itemOf(call: AgentCall): object {
  count += 1;
  const ids = { call_id: `call_${count}`, status: 'completed' };
  if ('patch' in call)
    return { type: 'custom_tool_call', id: `ctc_${count}`, name: 'apply_patch', input: call.patch, ...ids };
  if ('script' in call)
    return { type: 'custom_tool_call', id: `ctc_${count}`, name: 'exec', input: call.script, ...ids };
  if ('toolSearch' in call)
    return {
      type: 'tool_search_call',
      id: `tsc_${count}`,
      execution: 'client',
      arguments: { query: call.toolSearch },
      ...ids,
    };
  const { name, args, ...place } =
    'command' in call
      ? {
          name: 'exec_command',
          args: {
            cmd: call.command,
            ...(call.escalated && { sandbox_permissions: 'require_escalated', justification: 'I want to' }),
          },
        }
      : {
          name: call.function,
          args: call.arguments,
          ...(call.namespace !== undefined && { namespace: call.namespace }),
        };
  return {
    type: 'function_call',
    id: `fc_${count}`,
    name,
    ...place,
    arguments: JSON.stringify(args),
    ...ids,
  };
}
