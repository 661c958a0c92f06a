import type { JsonObject } from '../../base/json.ts';
import { partsOf, type Item } from '../../conversation/item.ts';
import type { Tool } from '../../conversation/tool.ts';
import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { Turn } from '../../conversation/turn.ts';

/** Tokens of what a turn shows to its model, images and what is sealed left out. */
export type CountPrompt = (turn: Turn) => Promise<number>;

/** Counts what the turns of one request have in common once, however many there are; each holds its items first. */
export function createPromptCounter(
  { items, tools = [], passthroughTools = [] }: Turn,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): CountPrompt {
  const count = async (texts: readonly string[]) => await tokenizer.count(texts, signal);
  let ofItems: Promise<number> | undefined;
  let ofTools: Promise<number> | undefined;
  return async (turn) => {
    ofItems ??= count(textsOf(items));
    const offers = turn.tools !== undefined || turn.passthroughTools !== undefined;
    if (offers) ofTools ??= count([...tools.map(describe), ...passthroughTools.map(textOf)]);
    const schema = turn.outputSchema ? [JSON.stringify(turn.outputSchema)] : [];
    const further = count([...textsOf(turn.items.slice(items.length)), ...schema]);
    const counts = await Promise.all([ofItems, further, offers ? ofTools : 0]);
    return counts.reduce<number>((sum, tokens = 0) => sum + tokens, 0);
  };
}

function textsOf(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    if (item.type === 'tool-call') return [item.name, item.arguments];
    if (item.type === 'passthrough') return [textOf(item.item)];
    return partsOf(item).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  });
}

/** What is sealed has another length than what is in it. */
function textOf(native: JsonObject): string {
  return JSON.stringify(native, (key, value: unknown) => (key === 'encrypted_content' ? undefined : value));
}

function describe({ name, description = '', parameters }: Tool): string {
  return `${name}\n${description}\n${JSON.stringify(parameters)}`;
}
