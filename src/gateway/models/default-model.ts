import type { Model } from '../../conversation/model.ts';

/** The id of the one that counts where none is named; undefined where there is none at all. */
export function defaultModel(models: readonly Model[]): string | undefined {
  return (models.find(({ isDefault }) => isDefault) ?? models[0])?.id;
}
