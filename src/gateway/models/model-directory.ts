import type { Model } from '../../conversation/model.ts';

/** The backends there can be, each with its own way of answering a request. */
export type BackendName = 'codex';

/** A backend, as far as its models go. */
export interface ModelBackend {
  readonly name: BackendName;
  /** Every model that can be asked for, shown or not. */
  models(signal: AbortSignal): Promise<readonly Model[]>;
  /** A model by id, including ids that are in no list; rejects with `model_not_found`. */
  find(id: string, signal: AbortSignal): Promise<Model>;
}

/** The models of all backends. Where two have a model of one id, the backend that comes first serves it. */
export interface ModelDirectory {
  /** The models to show, or all that can be asked for. */
  list(signal: AbortSignal, withHidden?: boolean): Promise<readonly Model[]>;
  /** A model by id, shown or not; rejects with `model_not_found`. */
  find(id: string, signal: AbortSignal): Promise<Model>;
  /**
   * Returns the backend that serves a model; the first one for an id that is missing or unknown, which it refuses as it
   * does for every request. A single backend is returned without waiting for its models.
   */
  backendOf(id: string | undefined, signal: AbortSignal): Promise<BackendName>;
}

export function createModelDirectory(
  backends: readonly [ModelBackend, ...(readonly ModelBackend[])],
): ModelDirectory {
  const [first] = backends;

  async function findBackend(id: string | undefined, signal: AbortSignal): Promise<ModelBackend> {
    if (backends.length === 1 || id === undefined) return first;
    const lists = await readLists(backends, signal);
    const listing = lists.find(({ models }) => models.some((model) => model.id === id));
    return listing?.backend ?? (await findUnlisted(backends, id, signal)) ?? first;
  }

  return {
    async list(signal, withHidden = false) {
      const lists = await readLists(backends, signal);
      return mergeLists(lists.map(({ models }) => models)).filter((model) => withHidden || model.isListed);
    },
    find: async (id, signal) => await (await findBackend(id, signal)).find(id, signal),
    backendOf: async (id, signal) => (await findBackend(id, signal)).name,
  };
}

interface ModelList {
  readonly backend: ModelBackend;
  readonly models: readonly Model[];
}

/** Leaves out the backends that cannot list their models now; rejects as the first does where none can. */
async function readLists(backends: readonly ModelBackend[], signal: AbortSignal): Promise<ModelList[]> {
  const lists = backends.map(async (backend) => ({ backend, models: await backend.models(signal) }));
  const results = await Promise.allSettled(lists);
  const readable = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return readable.length > 0 ? readable : [await lists[0]!];
}

/** Finds the backend of an id that is in no list, such as a model's with a reasoning effort behind it. */
async function findUnlisted(
  backends: readonly ModelBackend[],
  id: string,
  signal: AbortSignal,
): Promise<ModelBackend | undefined> {
  for (const backend of backends) {
    const found = await backend.find(id, signal).catch(() => undefined);
    if (found !== undefined) return backend;
  }
  return undefined;
}

/** Keeps the first model of each id, and the first default. */
function mergeLists(lists: readonly (readonly Model[])[]): Model[] {
  const merged = new Map<string, Model>();
  let hasDefault = false;
  for (const model of lists.flat()) {
    if (merged.has(model.id)) continue;
    merged.set(model.id, { ...model, isDefault: model.isDefault && !hasDefault });
    hasDefault ||= model.isDefault;
  }
  return [...merged.values()];
}

/** Returns the id of the model that is used if none is named; undefined if there are no models. */
export function defaultModel(models: readonly Model[]): string | undefined {
  return (models.find(({ isDefault }) => isDefault) ?? models[0])?.id;
}
