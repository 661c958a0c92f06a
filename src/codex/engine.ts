import type { Engine } from '../conversation/engine.ts';
import type { Login } from './app-server.ts';
import { RpcError } from './connection.ts';
import { notSignedIn } from './decode-error.ts';
import { decodeModel } from './decode-model.ts';
import { decodeRpcError } from './decode-rpc-error.ts';
import { stampFiles } from './file-stamp.ts';
import { startGeneration, type CodexOptions } from './generation.ts';
import { loginFile } from './private-home.ts';
import { startRenewal } from './renewal.ts';
import { runTurn } from './run-turn.ts';
import { systemFiles } from './system-config.ts';

export interface CodexEngine extends Engine {
  /** As it is now. */
  login(signal: AbortSignal): Promise<Login>;
  close(): Promise<void>;
}

/** Seconds beyond the idle deadline, by which Codex itself ends a silent turn, until its silence is looked into. */
const PATIENCE = 10;

/**
 * Turns on supervised app-servers with private homes. Rejects with a `StartupError` when none can be started, or with the
 * signal's reason when it aborts first.
 */
export async function startCodexEngine(options: CodexOptions, signal: AbortSignal): Promise<CodexEngine> {
  const { provider, userHome, systemFolder, idleDeadline, log } = options;
  const watched = [...(userHome === undefined ? [] : [loginFile(userHome)]), ...systemFiles(systemFolder)];
  const renewal = await startRenewal({
    log,
    signal,
    start: (ending) => startGeneration(options, ending),
    stamp: () => stampFiles(watched),
  });

  async function login(caller: AbortSignal): Promise<Login> {
    const { generation, release } = await renewal.take(caller);
    return (await generation.current(caller).finally(release)).login;
  }

  return {
    login,
    async requireLogin(caller) {
      checkLogin(await login(caller));
    },
    async models(signal) {
      const { generation, release } = await renewal.take(signal);
      const { models } = await generation.current(signal).finally(release);
      return models.map((model) => decodeModel(model, provider.id, generation.known.get(model.model)));
    },
    async *runTurn(turn, signal) {
      const { generation, release } = await renewal.take(signal);
      let watch: NodeJS.Timeout | undefined;
      try {
        const server = await generation.current(signal);
        checkLogin(server.login);
        watch = setInterval(server.check, (idleDeadline + PATIENCE) * 1000);
        const start = performance.now();
        for await (const event of runTurn(server, turn, signal)) {
          watch.refresh();
          yield event;
        }
        log.debug('turn', { model: turn.model, ms: Math.round(performance.now() - start) });
      } catch (error) {
        if (error instanceof RpcError) {
          const { method, failure, rpcCode } = error;
          log.warn('app-server request failed', { method, failure, code: rpcCode });
        }
        throw decodeRpcError(error);
      } finally {
        clearInterval(watch);
        release();
      }
    },
    close: renewal.close,
  };
}

function checkLogin({ type }: Login): void {
  if (type === 'signed-out') throw notSignedIn();
}
