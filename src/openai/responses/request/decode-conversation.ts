import type { Steps } from '../../../base/async/steps.ts';
import { createTextMessage, type Item } from '../../../conversation/item.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import { decodeInputItems } from '../../items/decode-input.ts';
import { linkCalls, type LinkOptions } from '../../items/link-calls.ts';
import { readHistory, readInputItems, type InputItem } from '../../items/read-items.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { invalidValue, missingParameter } from '../../request/refusals.ts';
import type { ResponseTools } from './decode-tools.ts';
import type { RequestBody } from './request-schema.ts';

/** Fields of a request that make up the conversation. */
type ConversationFields = Pick<RequestBody, 'input' | 'instructions' | 'previous_response_id'>;

/** The items of a conversation, before they are decoded. */
export interface ConversationItems {
  readonly history: readonly InputItem[];
  /** Items that the request adds. */
  readonly added: readonly InputItem[];
  /** True if items contain tools. Then all tools are passed through. */
  readonly hasTools: boolean;
}

const TOOLS_TYPE = 'additional_tools';

/** Reads the items of the conversation: the stored ones, and those of the request. */
export function* readConversation(
  fields: ConversationFields,
  references: ResolvedReferences,
  compatibility: Compatibility,
): Steps<ConversationItems> {
  const continuesResponse = (fields.previous_response_id ?? null) !== null;
  const field = continuesResponse ? 'previous_response_id' : 'conversation';
  const history = yield* readHistory(references.history, field);
  const added = yield* readInputItems(fields.input ?? [], references, compatibility);
  return { history, added, hasTools: [...history, ...added].some(({ type }) => type === TOOLS_TYPE) };
}

/** Throws if a conversation contains nothing that the model could read. */
export function checkInput({ input }: ConversationFields, { history, added }: ConversationItems): void {
  if (history.length > 0) return;
  if ((input ?? null) === null) throw missingParameter('input');
  if (added.length === 0) throw invalidValue('input', 'expected at least one item that the model can read');
}

interface ConversationContext
  extends Pick<ResponseTools, 'customTools' | 'withInputTools'>, Pick<LinkOptions, 'mayStayOpen'> {
  readonly unseal: Unseal;
}

/** Decodes everything that the model reads: the instructions of this request, the history, and the items it adds. */
export function* decodeConversation(
  { instructions }: ConversationFields,
  { history, added }: ConversationItems,
  { customTools, withInputTools, mayStayOpen = false, unseal }: ConversationContext,
): Steps<readonly Item[]> {
  const first = instructions ? [createTextMessage('developer', instructions, 'instructions')] : [];
  const sent = [...history, ...added].filter(({ type }) => withInputTools || type !== TOOLS_TYPE);
  const items = yield* decodeInputItems(sent, {
    isOfferedAsFunction: (name) => customTools.has(name),
    unseal,
  });
  return linkCalls([...first, ...items], { results: 'anywhere', mayStayOpen });
}
