import { StartupError } from '../../base/errors.ts';
import { prepareCodex, type PrepareCodexOptions } from '../codex/codex-setup.ts';
import { checkModels } from './check-codex.ts';
import { askRunning, type CodexFacts, type Running } from './codex-facts.ts';
import { runCheck, type Finding } from './run-check.ts';

/** Yields findings about a running demo, which uses neither the configured provider nor its login. */
export async function* examineDemo(running: Running, options: PrepareCodexOptions): AsyncGenerator<Finding> {
  yield await runCheck('provider', async () => {
    const configured = await findProvider(options);
    return `demo; for ${configured}, stop it and start without --demo`;
  });
  yield await runCheck('login', () => 'the demo needs no account');
  let facts: CodexFacts | undefined;
  const asked = await runCheck('Codex', async () => {
    facts = await askRunning(running);
    return '';
  });
  if (facts === undefined) return yield asked;
  const { models } = facts;
  // The demo answers any id, so an alias cannot be wrong there.
  const settings = { ...options.settings, models: [] };
  yield await runCheck('models', () =>
    checkModels({ settings, provider: 'demo', models, listed: undefined }),
  );
}

/** Returns the name of the configured provider, if the configuration can be read. */
async function findProvider(options: PrepareCodexOptions): Promise<string> {
  try {
    return `'${(await prepareCodex(options)).engineOptions.provider.id}'`;
  } catch (error) {
    if (error instanceof StartupError) return 'the configured provider';
    throw error;
  }
}
