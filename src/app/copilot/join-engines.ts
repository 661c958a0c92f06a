import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Model } from '../../conversation/model.ts';
import type { TurnRun } from '../../conversation/ports/engine.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { COPILOT_PREFIX, isCopilotId } from '../config/copilot-id.ts';
import type { CopilotEngine } from './copilot-engine.ts';
import type { CopilotList } from './copilot-list.ts';

export interface CopilotSide {
  readonly engine: CopilotEngine;
  readonly list: CopilotList;
  /** Returns the error of a turn in the terms of Copilot. */
  nameFailure(error: unknown, model: string): unknown;
}

/**
 * Joins the engine of Codex's own models with the one of GitHub Copilot's models, which are served under ids that begin with
 * `copilot/`. Everything that is not about a model is the first one's.
 */
export function joinEngines(codex: CodexEngine, { engine, list, nameFailure }: CopilotSide): CodexEngine {
  async function listAll(signal: AbortSignal): Promise<Model[]> {
    const [own, copilot] = await Promise.allSettled([codex.models(signal), list.shown(signal)]);
    const further = copilot.status === 'fulfilled' ? copilot.value : [];
    // Copilot's models work without a login of Codex.
    if (own.status === 'rejected' && further.length === 0) throw own.reason;
    return [...(own.status === 'fulfilled' ? own.value : []), ...further];
  }

  return {
    // Copilot reports none.
    limits: (model) => (model !== undefined && isCopilotId(model) ? [] : codex.limits(model)),
    login: codex.login,
    probe: codex.probe,
    memoryBytes: async () => (await codex.memoryBytes()) + (await engine.memoryBytes()),
    async requireLogin(model, signal) {
      if (isCopilotId(model)) await list.requireLogin();
      else await codex.requireLogin(model, signal);
    },
    async models(signal, wanted) {
      if (wanted === undefined) return await listAll(signal);
      return isCopilotId(wanted) ? await list.find(wanted, signal) : await codex.models(signal, wanted);
    },
    runTurn(turn, signal, options) {
      if (!isCopilotId(turn.model)) return codex.runTurn(turn, signal, options);
      const own = { ...turn, model: turn.model.slice(COPILOT_PREFIX.length) };
      const start = async () => {
        const started = await engine.start(signal);
        // Also notices that the list of models has changed since then.
        await started.requireLogin(own.model, signal);
        return started.runTurn(own, signal, options);
      };
      return runLater(start, (error) => nameFailure(error, own.model));
    },
    drain() {
      codex.drain();
      engine.drain();
    },
    async close() {
      await Promise.all([codex.close(), engine.close()]);
    },
  };
}

/** Returns the run of a turn whose engine is still to start. */
function runLater(start: () => Promise<TurnRun>, explain: (error: unknown) => unknown): TurnRun {
  const starting = start();
  async function* read(): AsyncGenerator<readonly TurnEvent[]> {
    try {
      yield* (await starting).events;
    } catch (error) {
      throw explain(error);
    }
  }
  const ended = starting.then(
    async (run) => await run.ended,
    () => {},
  );
  return { events: read(), ended };
}
