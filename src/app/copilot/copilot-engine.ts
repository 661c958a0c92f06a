import { abortable } from '../../base/async/abort.ts';
import { GatewayError, shuttingDown } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { CodexEngine, CodexEngineOptions } from '../../codex/chat/engine.ts';
import { startCodexEngine } from '../../codex/chat/start-engine.ts';
import type { CatalogSource } from '../../codex/runtime/instance-options.ts';
import type { Provider } from '../../codex/home/provider.ts';
import { loopbackEnvironment } from '../../codex/process/environment.ts';
import { ignoreRows } from '../../store/database/ignore-rows.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import { loopbackOptions, type CodexSetUp } from '../codex/codex-setup.ts';
import type { Environment } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import type { ChildListener } from './child-listener.ts';
import type { KeptFailures } from './kept-failures.ts';

/** Name of the variable that gives the app-server the secret of the adapter. */
const KEY_VARIABLE = 'CODEX_GATEWAY_COPILOT_SECRET';

/** The app-server for GitHub Copilot's models, which starts with the first turn for one of them. */
export interface CopilotEngine {
  /** Resolves to the engine, which is started first if need be. */
  start(signal: AbortSignal): Promise<CodexEngine>;
  /** Resolves to the bytes of memory that it takes; none before its start. */
  memoryBytes(): Promise<number>;
  drain(): void;
  close(): Promise<void>;
}

export interface CopilotEngineOptions {
  readonly adapter: Pick<CopilotAdapter, 'respond'>;
  readonly stallLimitMs: number;
  readonly failures: Pick<KeptFailures, 'keep'>;
  /** Options of the engine for Codex's own models, for what both have in common. */
  readonly codex: CodexSetUp['engineOptions'];
  readonly environment: Environment;
  readonly observer: Observer;
  /** The models as they are listed now. */
  readonly catalog: CatalogSource;
}

interface Started {
  readonly engine: CodexEngine;
  readonly listener: ChildListener;
}

export function createCopilotEngine(options: CopilotEngineOptions): CopilotEngine {
  const closing = new AbortController();
  let starting: Promise<Started> | undefined;
  let running: CodexEngine | undefined;
  let isDraining = false;

  async function start(): Promise<Started> {
    const { adapter, stallLimitMs, failures, codex } = options;
    let listener: ChildListener | undefined;
    try {
      const { openChildListener } = await import('./child-listener.ts');
      listener = await openChildListener({ adapter, stallLimitMs, failures, command: codex.command });
      const engine = await startCodexEngine(await engineOptions(options, listener), closing.signal);
      if (isDraining) engine.drain();
      running = engine;
      return { engine, listener };
    } catch (error) {
      starting = undefined;
      await listener?.close();
      closing.signal.throwIfAborted();
      const message = "Codex cannot be started for GitHub Copilot's models. Try again.";
      throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 1 });
    }
  }

  return {
    async start(signal) {
      closing.signal.throwIfAborted();
      // An engine serves many requests, so what it reports belongs to none of them.
      starting ??= options.observer.within({}, start);
      return (await abortable(starting, signal)).engine;
    },
    memoryBytes: async () => (await running?.memoryBytes()) ?? 0,
    drain() {
      isDraining = true;
      void starting?.then(
        ({ engine }) => engine.drain(),
        () => {},
      );
    },
    async close() {
      closing.abort(shuttingDown());
      const started = await starting?.catch(() => undefined);
      await started?.engine.close();
      await started?.listener.close();
    },
  };
}

/** Returns the options of an engine whose provider is the adapter, and that has nothing of the user's Codex. */
async function engineOptions(
  { codex, environment, observer, catalog }: CopilotEngineOptions,
  { baseUrl, secret }: ChildListener,
): Promise<CodexEngineOptions> {
  const provider: Provider = {
    id: 'copilot',
    initiatorHeader: 'x-initiator',
    config: {
      name: 'copilot',
      base_url: baseUrl,
      wire_api: 'responses',
      requires_openai_auth: false,
      env_key: KEY_VARIABLE,
    },
  };
  const variables = { ...loopbackEnvironment(environment), [KEY_VARIABLE]: secret };
  return {
    ...codex,
    clientVersion: VERSION,
    ignoreRows,
    observer,
    ...(await loopbackOptions(provider, variables)),
    catalog,
    furtherModels: [],
  };
}
