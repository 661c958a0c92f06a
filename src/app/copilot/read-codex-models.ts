import { join } from 'node:path';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { createPrivateHome } from '../../codex/home/private-home.ts';
import { loopbackEnvironment } from '../../codex/process/environment.ts';
import { readBundledCatalog, type CatalogEntry } from '../../codex/runtime/catalog.ts';
import { prepareBinary } from '../codex/codex-setup.ts';
import type { Environment, Settings } from '../config/config.ts';

/** Reads the models that Codex itself knows, with its prompts for them; rejects with a `StartupError` if it prints none. */
export async function readCodexModels(settings: Settings, environment: Environment): Promise<CatalogEntry[]> {
  const { stateDirectory } = settings;
  const { path } = await prepareBinary(settings, environment, join(stateDirectory, 'cache'));
  // Nothing in it is the user's, and nothing of it is kept.
  const home = await createPrivateHome({ stateDirectory, userHome: undefined, config: () => ({}) });
  try {
    return await readBundledCatalog({
      binary: path,
      environment: loopbackEnvironment(environment),
      home,
      signal: NEVER_ABORTED,
    });
  } finally {
    await home.remove();
  }
}
