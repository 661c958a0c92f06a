import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Item } from '../../conversation/item.ts';
import { cleanId } from './call-labels.ts';
import { invalidValue } from '../request/refusals.ts';

/** Codex accepts a result only if its call is of the same kind; function and custom calls are of one kind here. */
type CallKind = 'tool' | 'passthrough';

/** The connection between a call and its result, seen from one of the two. */
interface Link {
  readonly role: 'call' | 'result';
  readonly kind: CallKind;
  /** The caller's id, or its replacement if the provider would refuse it. */
  readonly callId: string;
}

/** The latest call with the caller's id. */
interface KnownCall {
  readonly kind: CallKind;
  readonly custom: boolean;
  /** The id that the call and its result have upstream. */
  readonly sentId: string;
  /** Path of the call, for error messages. */
  readonly path: string;
}

export interface LinkOptions {
  /**
   * Chat completions require each result before the next message; in the Responses API a result may come anywhere
   * after its call.
   */
  readonly results: 'adjacent' | 'anywhere';
  /** Allows calls without a result, because the items are not sent to a model yet. */
  readonly mayStayOpen?: boolean;
}

/**
 * Connects each result with its call, and returns the items with the ids that they have upstream: an id that is used again,
 * after its earlier call got a result, is replaced by a new one. Throws for a result without a call and, unless
 * `mayStayOpen`, for a call without a result: the app-server would silently drop such a result, and invent a missing one.
 */
export function linkCalls(
  items: readonly Item[],
  { results, mayStayOpen = false }: LinkOptions,
): readonly Item[] {
  const words = WORDS[results];
  const ids = createSentIds(items);
  const known = new Map<string, KnownCall>();
  /** Calls that have no result yet, by the caller's id. */
  const open = new Map<string, KnownCall>();
  const linked = items.map((item) => {
    if (results === 'adjacent' && item.type === 'message') checkAnswered(open, words);
    const link = linkOf(item);
    if (link === undefined) return item;
    const { callId } = link;
    if (link.role === 'result') {
      const call = checkResult(link, item.path, known, words);
      if (!open.delete(callId))
        throw invalidValue(item.path, `the call '${excerpt(callId)}' has a result already`);
      return asSent(item, call);
    }
    if (open.has(callId)) {
      const why = `the id '${excerpt(callId)}' was used before, by a call that has no result yet`;
      throw invalidValue(item.path, why);
    }
    const custom = item.type === 'tool-call' && item.custom === true;
    const call = { kind: link.kind, custom, sentId: ids.next(callId), path: item.path };
    known.set(callId, call);
    open.set(callId, call);
    return asSent(item, call);
  });
  if (!mayStayOpen) checkAnswered(open, words);
  return linked;
}

interface SentIds {
  /** Returns the caller's id for its first call, and a new one for each later call. */
  next(callId: string): string;
}

/**
 * Creates the ids for calls. New ids are derived from the old ones and not random, so that every request of a conversation
 * begins with the same bytes and the provider can use its prompt cache.
 */
function createSentIds(items: readonly Item[]): SentIds {
  const given = new Set(items.flatMap((item) => linkOf(item)?.callId ?? []));
  const counts = new Map<string, number>();
  return {
    next(callId) {
      let count = counts.get(callId) ?? 0;
      let sentId = callId;
      do {
        count += 1;
        if (count > 1) sentId = cleanId(`${callId}_${count}`);
      } while (count > 1 && given.has(sentId));
      counts.set(callId, count);
      return sentId;
    },
  };
}

function linkOf(item: Item): Link | undefined {
  switch (item.type) {
    case 'tool-call':
      return { role: 'call', kind: 'tool', callId: item.callId };
    case 'tool-result':
      return { role: 'result', kind: 'tool', callId: item.callId };
    case 'passthrough':
      if (item.callId !== undefined) return { role: 'call', kind: 'passthrough', callId: item.callId };
      if (item.resultOf !== undefined) return { role: 'result', kind: 'passthrough', callId: item.resultOf };
      return undefined;
    case 'message':
      return undefined;
  }
}

/** Returns an item with its id upstream. Whether a result belongs to a custom tool depends on its call, not on the item's type. */
function asSent(item: Item, { custom, sentId }: KnownCall): Item {
  switch (item.type) {
    case 'tool-call':
      return { ...item, callId: sentId };
    case 'tool-result':
      return { ...item, callId: sentId, ...(custom && { custom: true }) };
    case 'passthrough': {
      const link = item.callId === undefined ? { resultOf: sentId } : { callId: sentId };
      return { ...item, item: { ...item.item, call_id: sentId }, ...link };
    }
    case 'message':
      return item;
  }
}

function checkResult(
  { kind, callId }: Link,
  path: string,
  known: ReadonlyMap<string, KnownCall>,
  words: Words,
): KnownCall {
  const call = known.get(callId);
  const id = excerpt(callId);
  if (call === undefined) {
    const why = `no call before it has the id '${id}'`;
    throw inOpenAiWords(words.noCall(id), path, why, 'A result belongs to no call.');
  }
  if (call.kind !== kind) throw invalidValue(path, `the call '${id}' is of another kind than this result`);
  return call;
}

function checkAnswered(open: ReadonlyMap<string, KnownCall>, words: Words): void {
  const [first] = open;
  if (first === undefined) return;
  const [callId, { path }] = first;
  const id = excerpt(callId);
  const why = `no result follows for the call '${id}'; send one for each call`;
  throw inOpenAiWords(words.noResult(id), path, why, 'A call has no result.');
}

interface Words {
  noResult(callId: string): string;
  noCall(callId: string): string;
}

/** OpenAI's own sentences, on which clients match. */
const WORDS: Readonly<Record<LinkOptions['results'], Words>> = {
  anywhere: {
    noResult: (callId) => `No tool output found for function call ${callId}.`,
    noCall: (callId) => `No tool call found for function call output with call_id ${callId}.`,
  },
  adjacent: {
    noResult: (callId) =>
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${callId}.`,
    noCall: () =>
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
  },
};

/** @param logMessage Replaces the message in the log, which may contain ids in quotation marks only: OpenAI's have none. */
function inOpenAiWords(sentence: string, path: string, why: string, logMessage: string): GatewayError {
  const { code, message, detail } = invalidValue(path, why);
  return new GatewayError(code, `${sentence} ${message}`, { ...detail, logMessage });
}
