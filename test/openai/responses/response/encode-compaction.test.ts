import type { CompactedResponse } from 'openai/resources/responses/responses';
import { expect, it } from 'vitest';
import { NO_USAGE } from '../../../../src/conversation/usage.ts';
import {
  createCompactionEnvelope,
  encodeCompaction,
} from '../../../../src/openai/responses/response/encode-compaction.ts';

const envelope = createCompactionEnvelope();
const message = (role: string, id: string) => ({
  id,
  type: 'message',
  role,
  status: 'completed',
  content: [],
});
const CONVERSATION = [
  message('developer', 'msg_1'),
  message('user', 'msg_2'),
  { id: 'rs_1', type: 'reasoning', summary: [] },
  message('assistant', 'msg_3'),
  { id: 'cmp_1', type: 'compaction', encrypted_content: 'before' },
  message('user', 'msg_4'),
  { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', status: 'completed' },
];

it('a compaction holds the user messages followed by one item with the summary', () => {
  const body = encodeCompaction({ envelope, conversation: CONVERSATION, sealed: 'sealed', usage: NO_USAGE });
  expect(body).toMatchObject({
    id: expect.stringMatching(/^resp_/),
    object: 'response.compaction',
    created_at: envelope.createdAt,
    output: [
      CONVERSATION[1],
      CONVERSATION[5],
      { id: expect.stringMatching(/^cmp_/), type: 'compaction', encrypted_content: 'sealed' },
    ],
    usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
  });
  const { output } = body as unknown as CompactedResponse;
  expect(output).toHaveLength(3);
});
