import type { ResolvedReferences, References } from '../../conversation/references.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import type { Store } from '../../conversation/ports/store.ts';
import { createMemory } from '../../gateway/state/memory.ts';

/** What is needed beside a body to read the items in it. */
interface Recollected {
  readonly recollection: ResolvedReferences;
  readonly unseal: Unseal;
}

/** Recalls what a body refers to. */
export type Recollect = (references: References) => Promise<Recollected>;

export function createRecollect(store: Store | undefined, unseal: Unseal): Recollect {
  const memory = createMemory(store);
  return async (references) => ({ recollection: await memory.recall(references), unseal });
}
