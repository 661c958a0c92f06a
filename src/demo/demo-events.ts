import { createId } from '../base/ids.ts';

/** One event of the Responses API stream. */
export interface DemoEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The Responses API stream of one answer, as far as the app-server reads it; tokens are counted as pieces. */
export function* demoEvents(pieces: readonly string[], inputTokens: number): Generator<DemoEvent> {
  const response = { id: createId('resp_') };
  const item = { type: 'message', id: createId('msg_'), role: 'assistant' };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const content = [{ type: 'output_text', text: pieces.join(''), annotations: [] }];
  yield { type: 'response.created', response };
  yield { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } };
  for (const delta of pieces) yield { type: 'response.output_text.delta', ...place, delta };
  yield { type: 'response.output_item.done', output_index: 0, item: { ...item, content } };
  const usage = {
    input_tokens: inputTokens,
    output_tokens: pieces.length,
    total_tokens: inputTokens + pieces.length,
  };
  yield { type: 'response.completed', response: { ...response, usage } };
}
