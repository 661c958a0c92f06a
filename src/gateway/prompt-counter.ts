import { partsOf, type Item } from '../conversation/item.ts';
import type { Tool } from '../conversation/tool.ts';
import type { Tokenizer } from '../conversation/tokenizer.ts';
import type { Turn } from '../conversation/turn.ts';

/** Tokens of what a turn shows to its model, images left out. */
export type CountPrompt = (turn: Turn) => Promise<number>;

/** Counts what the turns of one request have in common once, however many there are; each holds its items first. */
export function createPromptCounter(
  { items, tools = [] }: Turn,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): CountPrompt {
  const count = async (texts: readonly string[]) => await tokenizer.count(texts, signal);
  let ofItems: Promise<number> | undefined;
  let ofTools: Promise<number> | undefined;
  return async (turn) => {
    ofItems ??= count(textsOf(items));
    if (turn.tools) ofTools ??= count(tools.map(describe));
    const further = count(textsOf(turn.items.slice(items.length)));
    const counts = await Promise.all([ofItems, further, turn.tools ? ofTools : 0]);
    return counts.reduce<number>((sum, tokens = 0) => sum + tokens, 0);
  };
}

function textsOf(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    if (item.type === 'tool-call') return [item.name, item.arguments];
    return partsOf(item).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  });
}

function describe({ name, description = '', parameters }: Tool): string {
  return `${name}\n${description}\n${JSON.stringify(parameters)}`;
}
