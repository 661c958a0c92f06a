import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  sendCompleted,
  sendItemDone,
  startMessage,
  startResponse,
  type Script,
  type UpstreamItem,
} from './upstream.ts';

/** A message of a chat completion, as a client keeps it. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly ChatCall[];
  readonly [key: string]: unknown;
}

interface ChatCall {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

/** One thing that a random client does with one of its conversations, which `at` chooses. */
export interface Step {
  readonly at: number;
  readonly kind:
    | 'follow'
    | 'new'
    | 'edit'
    | 'branch'
    | 'retry'
    | 'twice'
    | 'abort'
    | 'settings'
    | 'rewrite'
    | 'odd-results';
  readonly word: string;
}

const KINDS: readonly Step['kind'][] = [
  'follow',
  'follow',
  'follow',
  'follow',
  'follow',
  'new',
  'edit',
  'branch',
  'retry',
  'twice',
  'abort',
  'settings',
  'rewrite',
  'odd-results',
];

export const steps = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom(...KINDS),
    word: fc.constantFrom('one', 'two', 'three', 'four', '"quoted"\n', '☕ é', ''),
  }),
  { minLength: 12, maxLength: 30 },
);

/** Word that makes the model fall silent in the middle of its answer. */
export const STALL = 'stall';

/** Returns what the provider sees of a conversation, without the model's own reasoning, ids and metadata. */
export function seenBy(input: readonly UpstreamItem[]): object[] {
  return input
    .filter(({ type }) => type !== 'reasoning')
    .map((item) => {
      const {
        id: _id,
        status: _status,
        phase: _phase,
        ...said
      } = item as UpstreamItem & {
        readonly id?: string;
        readonly status?: string;
      };
      const content = said.content?.map(withoutAnnotations);
      const args = said.arguments === undefined ? undefined : (JSON.parse(said.arguments) as unknown);
      return { ...said, ...(content && { content }), ...(args !== undefined && { arguments: args }) };
    });
}

function withoutAnnotations(part: object): object {
  const { annotations: _, ...rest } = part as { readonly annotations?: unknown };
  return rest;
}

/** Answers by what the conversation says, and nothing else: the same conversation always gets the same answer. */
export const answerByContent: Script = ({ body }, response) => {
  const seen = seenBy(body.input);
  const hash = createHash('sha256').update(JSON.stringify(seen)).digest('hex');
  const [dice, count] = [parseInt(hash.slice(0, 2), 16), (parseInt(hash.slice(2, 4), 16) % 3) + 1];
  if (JSON.stringify(body.input.at(-1)).includes(STALL)) return startMessage(response, 'Well,');
  const offersTools = (body.tools ?? []).length > 0;
  startResponse(response);
  if (dice % 2 === 0) {
    sendItemDone(response, { type: 'reasoning', id: `rs_${hash}`, summary: [], encrypted_content: hash });
  }
  if (offersTools && dice % 5 < 3) {
    if (dice % 7 === 0) sendText(response, hash, 'I look.', 'commentary');
    for (let index = 0; index < count; index += 1)
      sendCall(response, `call_${hash.slice(0, 12)}_${index}`, index);
  } else {
    if (dice % 11 === 0) sendText(response, `${hash}c`, 'Let me think.', 'commentary');
    sendText(response, hash, `Answer ${hash.slice(0, 6)}.`, dice % 3 === 0 ? 'final_answer' : undefined);
  }
  sendCompleted(response);
};

function sendText(
  response: Parameters<Script>[1],
  id: string,
  text: string,
  phase: string | undefined,
): void {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const item = { type: 'message', role: 'assistant', id: `msg_${id}`, content, ...(phase && { phase }) };
  sendItemDone(response, item);
}

function sendCall(response: Parameters<Script>[1], id: string, index: number): void {
  const args = `{"b": [${index}, {"d": null, "c": 1.50}],  "a": "x"}`;
  sendItemDone(response, {
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    name: 'look',
    arguments: args,
  });
}
