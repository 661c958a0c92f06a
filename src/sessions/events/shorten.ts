import type { AgentItem } from '../../conversation/ports/agent.ts';
import { lastCharacters } from './output-limit.ts';

/** Fields whose end says more than their beginning. */
const FROM_THE_END: ReadonlySet<string> = new Set(['aggregatedOutput']);

/** Fields that are never shortened: what the model has said. */
const WHOLE: ReadonlySet<string> = new Set(['text', 'id', 'type']);

/** Returns an item whose long texts are shortened, with `left_out`, the number of bytes that it lacks. */
export function shortenItem(item: AgentItem, maxCharacters: number): AgentItem {
  let leftOut = 0;

  function shortenText(text: string, name: string): string {
    if (text.length <= maxCharacters) return text;
    const kept = FROM_THE_END.has(name)
      ? lastCharacters(text, maxCharacters)
      : firstCharacters(text, maxCharacters);
    leftOut += Buffer.byteLength(text) - Buffer.byteLength(kept);
    return kept;
  }

  function shorten(value: unknown, name: string): unknown {
    if (typeof value === 'string') return shortenText(value, name);
    if (Array.isArray(value)) return value.map((entry) => shorten(entry, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, shorten(field, key)]));
  }

  const entries = Object.entries(item).map(([key, field]) => [
    key,
    WHOLE.has(key) ? field : shorten(field, key),
  ]);
  const shortened = Object.fromEntries(entries) as AgentItem;
  return leftOut === 0 ? item : { ...shortened, left_out: leftOut };
}

/** Returns the beginning of a text, without half of a character. */
export function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : text.slice(0, count).replace(/[\uD800-\uDBFF]$/, '');
}
