import type { Settings } from './config.ts';
import { isCopilotId } from './copilot-id.ts';

/** An alias of the config file, and the model that it names. */
export interface MissingTarget {
  readonly id: string;
  readonly model: string;
}

/** Finds aliases that name models nobody has. An entry without `model` says itself that its model exists. */
export function findMissingTargets(
  entries: Settings['models'],
  existing: ReadonlySet<string>,
): MissingTarget[] {
  return entries.flatMap(({ id, model = id }) =>
    // The start does not wait for Copilot's list.
    model === id || existing.has(model) || isCopilotId(model) ? [] : [{ id, model }],
  );
}
