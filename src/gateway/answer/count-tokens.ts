import type { JsonObject } from '../../base/json.ts';
import { partsOf, type Item } from '../../conversation/item.ts';
import type { Tool } from '../../conversation/tool.ts';
import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import type { Turn } from '../../conversation/turn.ts';
import { planFormat } from './require-format.ts';

/** The parts of a request that its model gets to see. */
export type CountedRequest = Pick<TurnRequest, 'turn' | 'format'>;

/**
 * Counts the tokens of what a request shows to its model, images left out. The engine itself reports them only after a
 * turn.
 */
export async function countRequestTokens(
  { turn, format }: CountedRequest,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<number> {
  const planned = planFormat(turn, format).turn;
  return await createPromptCounter(planned, tokenizer, signal)(planned);
}

/** Counts the tokens of what a turn shows to its model, without images and sealed content. */
export type CountPrompt = (turn: Turn) => Promise<number>;

/** Counts what the turns of one request have in common once, however many there are; each begins with the request's items. */
export function createPromptCounter(
  { items, tools = [], passthroughTools = [] }: Turn,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): CountPrompt {
  const count = async (texts: readonly string[]) => await tokenizer.count(texts, signal);
  let itemTokens: Promise<number> | undefined;
  let toolTokens: Promise<number> | undefined;
  return async (turn) => {
    itemTokens ??= count(textsOf(items));
    const offersTools = turn.tools !== undefined || turn.passthroughTools !== undefined;
    if (offersTools) toolTokens ??= count([...tools.map(describe), ...passthroughTools.map(textOf)]);
    const schema = turn.outputSchema ? [JSON.stringify(turn.outputSchema)] : [];
    const further = count([...textsOf(turn.items.slice(items.length)), ...schema]);
    const counts = await Promise.all([itemTokens, further, offersTools ? toolTokens : 0]);
    return counts.reduce<number>((sum, tokens = 0) => sum + tokens, 0);
  };
}

/** Returns the bytes of the same texts, which take no time to count. */
export function sizePrompt({ items, tools = [], passthroughTools = [] }: Turn): number {
  const texts = [...textsOf(items), ...tools.map(describe), ...passthroughTools.map(textOf)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function textsOf(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    if (item.type === 'tool-call') return [item.name, item.arguments];
    if (item.type === 'passthrough') return [textOf(item.item)];
    return partsOf(item).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  });
}

/** Leaves out sealed content, whose length is not that of the text in it. */
function textOf(raw: JsonObject): string {
  return JSON.stringify(raw, (key, value: unknown) => (key === 'encrypted_content' ? undefined : value));
}

function describe({ name, description = '', parameters }: Tool): string {
  return `${name}\n${description}\n${JSON.stringify(parameters)}`;
}
