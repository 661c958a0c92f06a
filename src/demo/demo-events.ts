import { createId } from '../base/ids.ts';
import type { DemoAnswer } from './choose-answer.ts';
import { wordsOf, type DemoCall } from './read-request.ts';

/** One event of the Responses API stream. */
export interface DemoEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Yields the part of a Responses API stream that the app-server reads; tokens are counted as words. */
export function* demoEvents({ thought, content }: DemoAnswer, inputTokens: number): Generator<DemoEvent> {
  const response = { id: createId('resp_') };
  yield { type: 'response.created', response };
  if (thought !== undefined) yield* reasoningEvents(thought);
  const index = thought === undefined ? 0 : 1;
  yield* 'text' in content ? messageEvents(content.text, index) : callEvents(content, index);
  const reasoning = wordsOf(thought ?? '').length;
  const output = reasoning + wordsOf('text' in content ? content.text : content.input).length;
  const usage = {
    input_tokens: inputTokens,
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: inputTokens + output,
  };
  yield { type: 'response.completed', response: { ...response, usage } };
}

function* reasoningEvents(text: string): Generator<DemoEvent> {
  const item = { type: 'reasoning', id: createId('rs_'), encrypted_content: 'demo' };
  const position = { item_id: item.id, output_index: 0, summary_index: 0 };
  yield { type: 'response.output_item.added', output_index: 0, item: { ...item, summary: [] } };
  yield {
    type: 'response.reasoning_summary_part.added',
    ...position,
    part: { type: 'summary_text', text: '' },
  };
  for (const delta of wordsOf(text))
    yield { type: 'response.reasoning_summary_text.delta', ...position, delta };
  const summary = [{ type: 'summary_text', text }];
  yield { type: 'response.output_item.done', output_index: 0, item: { ...item, summary } };
}

function* messageEvents(text: string, index: number): Generator<DemoEvent> {
  const item = { type: 'message', id: createId('msg_'), role: 'assistant' };
  const position = { item_id: item.id, output_index: index, content_index: 0 };
  yield { type: 'response.output_item.added', output_index: index, item: { ...item, content: [] } };
  for (const delta of wordsOf(text)) yield { type: 'response.output_text.delta', ...position, delta };
  const content = [{ type: 'output_text', text, annotations: [] }];
  yield { type: 'response.output_item.done', output_index: index, item: { ...item, content } };
}

/** Yields a call in one piece, since the app-server reads only complete calls. */
function* callEvents({ tool, input }: DemoCall, index: number): Generator<DemoEvent> {
  const { name, namespace } = tool;
  const called = { call_id: createId('call_'), name, ...(namespace !== undefined && { namespace }) };
  const item =
    tool.type === 'function'
      ? { type: 'function_call', id: createId('fc_'), ...called, arguments: input }
      : { type: 'custom_tool_call', id: createId('ctc_'), ...called, input };
  yield { type: 'response.output_item.added', output_index: index, item };
  yield { type: 'response.output_item.done', output_index: index, item };
}
