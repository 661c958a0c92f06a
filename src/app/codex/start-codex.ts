import { startCodexEngine } from '../../codex/chat/start-engine.ts';
import { ignoreRows } from '../../store/database/ignore-rows.ts';
import { VERSION } from '../config/version.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import type { ServeCodexOptions, StartedCodex } from './serve-codex.ts';

export interface StartCodexOptions extends ServeCodexOptions {
  /** Called when the child has been spawned, and takes a while to start. */
  onSpawn?(): void;
}

/** Rejects with a `StartupError`, also for a preset that its model cannot follow, and leaves nothing running. */
export async function startCodex(options: StartCodexOptions): Promise<StartedCodex> {
  const { codex, settings, observer, signal, onSpawn } = options;
  await makePrivateFolder(settings.stateDirectory);
  const spawned = Promise.withResolvers<void>();
  const starting = startCodexEngine(
    { ...codex.engineOptions, clientVersion: VERSION, ignoreRows, observer, onSpawn: spawned.resolve },
    signal,
  );
  await Promise.race([spawned.promise, starting]);
  onSpawn?.();
  // Loaded while the child starts.
  const [{ serveCodex }, engine] = await Promise.all([import('./serve-codex.ts'), starting]);
  return await serveCodex(engine, options);
}
