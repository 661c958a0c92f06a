import type { Fingerprint } from './fingerprint.ts';

/** An item that a thread holds. */
export interface HeldItem extends Fingerprint {
  /** True for an item that the model has written in this thread. */
  readonly isOwn: boolean;
}

/**
 * Returns the number of items of a conversation that a thread holds already; undefined if the conversation is another one. The
 * conversation may lack the model's own reasoning, and the phase of its messages.
 */
export function countHeldItems(
  held: readonly HeldItem[],
  conversation: readonly Fingerprint[],
): number | undefined {
  let count = 0;
  for (const item of held) {
    const given = conversation[count];
    if (given !== undefined && isSame(item, given)) count += 1;
    else if (!item.isOwn || !item.isReasoning) return undefined;
  }
  return count;
}

function isSame({ hash, phase, isOwn }: HeldItem, given: Fingerprint): boolean {
  return hash === given.hash && (phase === given.phase || (isOwn && given.phase === undefined));
}
