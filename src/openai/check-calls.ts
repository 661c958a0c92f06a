import { excerpt } from '../base/excerpt.ts';
import type { Item } from '../conversation/item.ts';
import { invalidValue } from './refusals.ts';

/** What a result has to be of the kind of: Codex takes no other one for the result of a call. */
type CallKind = 'function' | 'custom' | 'native';

/** A call, or the result of one, as far as the two belong together. */
interface Link {
  readonly role: 'call' | 'result';
  readonly kind: CallKind;
  readonly callId: string;
}

/**
 * Refuses a conversation in which a call has no result right after it, or a result no call before it: the app-server would
 * drop the one and invent the other, in silence.
 */
export function checkCalls(items: readonly Item[]): readonly Item[] {
  checkAnswered(followCalls(items));
  return items;
}

/** The same of a conversation that may go on with results; returns the calls without one, by id, with their paths. */
export function followCalls(items: readonly Item[]): ReadonlyMap<string, string> {
  const known = new Map<string, CallKind>();
  /** Calls without a result so far, by id, with the path of their message. */
  const open = new Map<string, string>();
  for (const item of items) {
    if (item.type === 'message') checkAnswered(open);
    const link = linkOf(item);
    if (link?.role === 'call') {
      if (known.has(link.callId))
        throw invalidValue(item.path, `the id '${excerpt(link.callId)}' was used before`);
      known.set(link.callId, link.kind);
      open.set(link.callId, item.path);
    } else if (link !== undefined) {
      checkResult(link, item.path, known);
      if (!open.delete(link.callId))
        throw invalidValue(item.path, `the call '${excerpt(link.callId)}' has a result already`);
    }
  }
  return open;
}

function linkOf(item: Item): Link | undefined {
  switch (item.type) {
    case 'tool-call':
      return { role: 'call', kind: item.custom ? 'custom' : 'function', callId: item.callId };
    case 'tool-result':
      return { role: 'result', kind: item.custom ? 'custom' : 'function', callId: item.callId };
    case 'native':
      if (item.calls !== undefined) return { role: 'call', kind: 'native', callId: item.calls };
      if (item.answers !== undefined) return { role: 'result', kind: 'native', callId: item.answers };
      return undefined;
    case 'message':
      return undefined;
  }
}

function checkResult({ kind, callId }: Link, path: string, known: ReadonlyMap<string, CallKind>): void {
  const called = known.get(callId);
  if (called === undefined) throw invalidValue(path, `no call before it has the id '${excerpt(callId)}'`);
  if (called !== kind)
    throw invalidValue(path, `the call '${excerpt(callId)}' is of another kind than this result`);
}

function checkAnswered(open: ReadonlyMap<string, string>): void {
  const [first] = open;
  if (first === undefined) return;
  const [callId, path] = first;
  throw invalidValue(
    path,
    `no result follows for the call '${excerpt(callId)}'; send one for each call, right after it`,
  );
}
