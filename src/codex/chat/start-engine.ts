import { watchSetUp } from '../home/set-up-stamp.ts';
import { startInstance } from '../runtime/instance.ts';
import { startInstanceManager } from '../runtime/instance-manager.ts';
import { watchSize } from '../runtime/watch-size.ts';
import type { CodexEngine, CodexEngineOptions, EngineInstances } from './engine.ts';
import { createBareProfile } from './profile/profile.ts';

type Manager = EngineInstances['manager'];

/**
 * Starts the engine, which runs turns on supervised app-servers with private homes. Rejects with a `StartupError` if none can
 * be started, or with the signal's reason if that aborts first.
 */
export async function startCodexEngine(
  options: CodexEngineOptions,
  signal: AbortSignal,
): Promise<CodexEngine> {
  const ending = new AbortController();
  const setUp = watchSetUp(options);
  const numberCatalog = numberLists(options.catalog);
  function onSpawn(): void {
    // Loaded while the child starts, as only turns need it.
    void import('./engine.ts');
    options.onSpawn?.();
  }
  const manager = await startManager(
    { ...options, onSpawn },
    { ending: ending.signal, stamp: async () => `${await setUp.current()}#${numberCatalog()}`, signal },
  ).catch((error: unknown) => {
    setUp.close();
    throw error;
  });
  const { sizeLimits, observer } = options;
  const unwatch = sizeLimits ? watchSize(manager, sizeLimits, observer) : () => {};
  const { createCodexEngine } = await import('./engine.ts');
  return createCodexEngine(options, {
    manager,
    drain() {
      unwatch();
      ending.abort();
    },
    async close() {
      unwatch();
      ending.abort();
      setUp.close();
      await manager.close();
    },
  });
}

/** Returns a function that counts the lists that a catalog has had. */
function numberLists(catalog: CodexEngineOptions['catalog']): () => number {
  let latest = catalog?.entries();
  let number = 0;
  return () => {
    const entries = catalog?.entries();
    if (entries !== latest) number += 1;
    latest = entries;
    return number;
  };
}

interface StartManagerOptions {
  readonly ending: AbortSignal;
  readonly signal: AbortSignal;
  stamp(): Promise<string>;
}

async function startManager(
  options: CodexEngineOptions,
  { ending, stamp, signal }: StartManagerOptions,
): Promise<Manager> {
  const { observer } = options;
  const profile = createBareProfile({ ...options, ending });
  return await startInstanceManager({
    observer,
    signal,
    // An instance outlives the request that made it necessary; what it reports does not belong to that request.
    start: (closing, isRefresh) =>
      observer.within({}, () => startInstance(profile, options, closing, isRefresh)),
    stamp,
  });
}
