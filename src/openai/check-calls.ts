import { excerpt } from '../base/excerpt.ts';
import type { Item } from '../conversation/item.ts';
import { invalidValue } from './refusals.ts';

/**
 * Refuses a conversation in which a call has no result right after it, or a result no call before it: the app-server would
 * drop the one and invent the other, in silence.
 */
export function checkCalls(items: readonly Item[]): readonly Item[] {
  const known = new Set<string>();
  /** Calls without a result so far, by id, with the path of their message. */
  const open = new Map<string, string>();
  for (const item of items) {
    switch (item.type) {
      case 'tool-call':
        if (known.has(item.callId))
          throw invalidValue(item.path, `the id '${excerpt(item.callId)}' was used before`);
        known.add(item.callId);
        open.set(item.callId, item.path);
        break;
      case 'tool-result':
        if (!known.has(item.callId))
          throw invalidValue(item.path, `no call before it has the id '${excerpt(item.callId)}'`);
        if (!open.delete(item.callId))
          throw invalidValue(item.path, `the call '${excerpt(item.callId)}' has a result already`);
        break;
      case 'message':
        checkAnswered(open);
    }
  }
  checkAnswered(open);
  return items;
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
