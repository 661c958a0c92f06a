/** Begins every delta of a text and of a call's arguments, so that a client finds the first one without parsing. */
export const MARKER = 'word';

/** Text of a tool's result that has the model answer in words. */
export const LAST_RESULT = 'the last result';

/** The answers that the scripted provider knows. */
export type AnswerKind =
  | { readonly type: 'text'; readonly deltas: number }
  /** The deltas come one by one. */
  | { readonly type: 'paced'; readonly deltas: number; readonly gapMs: number }
  /** A call of a tool, until the last result has come. */
  | { readonly type: 'call' };

export type AnswerEvent = { readonly type: string; readonly [key: string]: unknown };

/** Returns the events before the deltas, the deltas, and the events after them. */
export function textEvents(deltas: number): Record<'head' | 'deltas' | 'tail', AnswerEvent[]> {
  const item = { type: 'message', role: 'assistant', id: 'msg_1' };
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const texts = Array.from({ length: deltas }, (_, index) => `${MARKER}${index} `);
  const content = [{ type: 'output_text', text: texts.join(''), annotations: [] }];
  return {
    head: [
      { type: 'response.created', response: { id: 'resp_1' } },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    ],
    deltas: texts.map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
    tail: [
      { type: 'response.output_item.done', output_index: 0, item: { ...item, content } },
      completed(deltas),
    ],
  };
}

/** Returns the events of an answer that is one call of the tool. */
export function callEvents(callId: string): AnswerEvent[] {
  const item = {
    type: 'function_call',
    id: `fc_${callId}`,
    call_id: callId,
    name: 'get_weather',
    arguments: `{"city":"${MARKER}"}`,
  };
  return [
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
    { type: 'response.output_item.done', output_index: 0, item },
    completed(1),
  ];
}

/** Returns the events of an answer without any output. */
export function emptyEvents(): AnswerEvent[] {
  return [{ type: 'response.created', response: { id: 'resp_0' } }, completed(0)];
}

function completed(deltas: number): AnswerEvent {
  const usage = {
    input_tokens: 11,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: deltas,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 11 + deltas,
  };
  return { type: 'response.completed', response: { id: 'resp_1', usage } };
}

/** Encodes events as server-sent ones. */
export function encodeEvents(events: readonly AnswerEvent[]): Buffer {
  return Buffer.from(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );
}
