import { StartupError } from '../../base/errors.ts';
import { reasonOf, spawnAppServer, type ChildProcess } from './child-process.ts';
import type { AppServer, AppServerOptions } from './connect-app-server.ts';

/** Starts a child and checks that the gateway can use it; rejects with a `StartupError` that says why it cannot. */
export async function startAppServer<State>(
  options: AppServerOptions<State>,
  signal: AbortSignal,
): Promise<AppServer<State>> {
  const { observer } = options;
  const startedAt = performance.now();
  observer.observe({ type: 'app-server-start' });
  const child = spawnAppServer(options);
  signal.addEventListener('abort', child.kill, { once: true });
  try {
    // Loaded while the child starts.
    const { connectAppServer } = await import('./connect-app-server.ts');
    signal.throwIfAborted();
    const server = await connectAppServer(child, options);
    const ms = Math.round(performance.now() - startedAt);
    observer.observe({ type: 'app-server-ready', ms, login: server.login.type });
    return server;
  } catch (error) {
    throw await explainFailure(child, options.codexHome, error);
  } finally {
    signal.removeEventListener('abort', child.kill);
  }
}

async function explainFailure(child: ChildProcess, codexHome: string, error: unknown): Promise<Error> {
  await child.close();
  if (error instanceof StartupError) return error;
  const reason = await reasonOf(child, error);
  // The child reads a copy, which the user cannot correct.
  const why = reason.replaceAll(`${codexHome}/config.toml`, "what was taken over from Codex's config.toml");
  return new StartupError(`codex app-server did not start: ${why}`, { cause: error });
}
