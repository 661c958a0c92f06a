import type { Steps } from '../../../base/async/steps.ts';
import { createTextMessage, type Item } from '../../../conversation/item.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import { linkCalls } from '../../items/link-calls.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { invalidValue, missingParameter } from '../../request/refusals.ts';
import { decodeInput } from '../../items/decode-input.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import { readHistory, readInput, type InputItem } from '../../items/read-items.ts';

/** The kind of the items that offer tools. */
const TOOLS = 'additional_tools';

/** How tools of a conversation go up. */
interface Offered {
  /** Names of custom tools that go up as functions. */
  readonly customTools: ReadonlySet<string>;
  /** Whether tools that stand among the items are offered. */
  readonly withInputTools: boolean;
  /** True if calls may still wait for their results. */
  readonly mayStayOpen: boolean;
}

/** What of a body is the conversation. */
interface Said {
  readonly input?: string | readonly unknown[] | null | undefined;
  readonly instructions?: string | null | undefined;
  readonly previous_response_id?: string | null | undefined;
}

/** A conversation whose items are known, but not read yet. */
export interface Entries {
  readonly history: readonly InputItem[];
  /** What the request adds. */
  readonly own: readonly InputItem[];
  /** Whether tools stand among the items: then every other one goes up in the same form. */
  readonly hasTools: boolean;
}

export function* readConversation(
  said: Said,
  recollection: ResolvedReferences,
  compatibility: Compatibility,
): Steps<Entries> {
  const field = (said.previous_response_id ?? null) === null ? 'conversation' : 'previous_response_id';
  const history = yield* readHistory(recollection.history, field);
  const own = yield* readInput(said.input ?? [], recollection, compatibility);
  return { history, own, hasTools: [...history, ...own].some(({ type }) => type === TOOLS) };
}

/** Refuses a conversation in which nothing is said that the model could read. */
export function checkInput({ input }: Said, { history, own }: Entries): void {
  if (history.length > 0) return;
  if ((input ?? null) === null) throw missingParameter('input');
  if (own.length === 0) throw invalidValue('input', 'expected at least one item that the model can read');
}

/** All that the model is to see: instructions of this request, what was said before, and what is added. */
export function* decodeConversation(
  { instructions }: Said,
  { history, own }: Entries,
  { customTools, withInputTools, mayStayOpen }: Offered,
  unseal: Unseal,
): Steps<readonly Item[]> {
  const first = instructions ? [createTextMessage('developer', instructions, 'instructions')] : [];
  const sent = [...history, ...own].filter(({ type }) => withInputTools || type !== TOOLS);
  const items = yield* decodeInput(sent, {
    isOfferedAsFunction: (name) => customTools.has(name),
    unseal,
  });
  return linkCalls([...first, ...items], { results: 'anywhere', mayStayOpen });
}
