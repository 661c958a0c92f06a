import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { Store } from '../../../conversation/ports/store.ts';
import type { References, ResolvedReferences } from '../../../conversation/references.ts';
import { createResponseHistory } from '../../../gateway/state/response-history.ts';

/** The stored values that a decoder needs besides the body. */
interface DecodingContext {
  readonly references: ResolvedReferences;
  readonly unseal: Unseal;
}

/** Looks up what a body refers to. */
export type ResolveReferences = (references: References) => Promise<DecodingContext>;

export function createReferenceResolver(store: Store | undefined, unseal: Unseal): ResolveReferences {
  const memory = createResponseHistory(store);
  return async (references) => ({ references: await memory.resolve(references), unseal });
}
