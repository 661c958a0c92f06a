import type { composeApp } from './compose-app.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { CodexSetUp } from './codex/codex-setup.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import { startCodex } from './codex/start-codex.ts';
import type { Parts } from './parts.ts';
import type { GatewayState } from './state/open-state.ts';

interface StartedParts {
  readonly composeApp: typeof composeApp;
  readonly state: GatewayState;
  readonly started: StartedCodex;
}

interface BehindPort extends ComposeOptions {
  readonly codex: CodexSetUp;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Starts Codex, and opens the state and loads further code while its child starts. */
export async function startBehindPort(
  parts: Parts,
  { settings, environment, observer, demo, codex, token, signal }: BehindPort,
): Promise<StartedParts> {
  const failing = new AbortController();
  const spawned = Promise.withResolvers<void>();
  const starting = startCodex({
    codex,
    settings,
    observer,
    async join(own) {
      // The demo asks nobody.
      if (demo || !parts.copilot) return own;
      const { addCopilot } = await loadingCopilot;
      parts.added = addCopilot({ ...parts.copilot, codex, environment, observer });
      return parts.added.join(own);
    },
    signal: AbortSignal.any([signal, failing.signal]),
    checkTurns: (...asked) => parts.access?.checkTurns(...asked),
    onUsage(model, usage, caller) {
      parts.state?.ledger.add(model, usage);
      if (caller !== undefined) parts.access?.addTokens(caller, usage.inputTokens + usage.outputTokens);
    },
    onSpawn: spawned.resolve,
  });
  async function open(): Promise<GatewayState> {
    await isSpawned;
    const { openState } = await import('./state/open-state.ts');
    const isEphemeral = settings.token === undefined;
    const isToken = (id: string) => parts.access?.isToken(id) ?? true;
    return await openState({ settings, observer, token, isEphemeral, isToken, demo });
  }
  const isSpawned = Promise.race([spawned.promise, starting]);
  const opening = open();
  const loading = isSpawned.then(async () => await import('./compose-app.ts'));
  const loadingCopilot = isSpawned.then(async () => await import('./copilot/add-copilot.ts'));
  opening.catch((error: unknown) => failing.abort(error));
  // Both are waited for, so that what has started is closed if the other fails.
  const [opened, served] = await Promise.allSettled([opening, starting, loading, loadingCopilot]);
  if (opened.status === 'fulfilled') parts.state = opened.value;
  if (served.status === 'fulfilled') parts.started = served.value;
  return { state: await opening, started: await starting, ...(await loading) };
}
