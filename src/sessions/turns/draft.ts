import type { AgentEvent } from '../../conversation/ports/agent.ts';
import { lastCharacters } from '../events/output-limit.ts';

/** Maximum bytes of a draft that clients see. */
const MAX_BYTES = 256 * 1024;

/** The end of a draft, as clients see it. */
interface DraftText {
  readonly text: string;
  /** Bytes that are left out before it. */
  readonly leftOut: number;
}

/** Text of the answer that a turn has so far. Only its end is kept. */
export interface Draft {
  hear(event: AgentEvent): void;
  clear(): void;
  show(): DraftText;
}

export function createDraft(): Draft {
  let kept = '';
  let bytes = 0;
  let lastItem: string | undefined;
  const items = new Set<string>();

  function add(id: string, text: string): void {
    const piece = lastItem !== undefined && lastItem !== id ? `\n\n${text}` : text;
    lastItem = id;
    items.add(id);
    bytes += Buffer.byteLength(piece);
    kept += piece;
    // No character takes less than a byte, so that this is always enough.
    if (kept.length > 2 * MAX_BYTES) kept = lastCharacters(kept, MAX_BYTES);
  }

  return {
    hear(event) {
      if (event.type === 'text-delta') add(event.itemId, event.text);
      if (event.type !== 'item-completed' || event.item.type !== 'agentMessage') return;
      // Some providers send a text only when it is complete.
      const { id, text } = event.item;
      if (!items.has(id) && typeof text === 'string') add(id, text);
    },
    clear() {
      kept = '';
      bytes = 0;
      lastItem = undefined;
      items.clear();
    },
    show() {
      const text = lastBytes(kept, MAX_BYTES);
      return { text, leftOut: bytes - Buffer.byteLength(text) };
    },
  };
}

/** Returns as much of the end of a text as fits, without a part of a character. */
function lastBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const end = Buffer.from(lastCharacters(text, maxBytes)).subarray(-maxBytes);
  const begin = end.findIndex((byte) => byte >> 6 !== 0b10);
  return end.subarray(begin).toString();
}
