import type { AppServer } from '../../src/codex/process/app-server.ts';
import { runTurn } from '../../src/codex/chat/run-turn.ts';
import { startTurnRun } from '../../src/codex/chat/turn-queue.ts';
import type { TurnRun } from '../../src/conversation/ports/engine.ts';
import type { Turn } from '../../src/conversation/turn.ts';

/** Runs a turn on an app-server as the engine does; errors stay as they are. */
export function openTurn(server: AppServer, turn: Turn, signal: AbortSignal): TurnRun {
  return startTurnRun({
    signal,
    explain: (error) => error,
    diagnose: () => undefined,
    work: async (events) =>
      await runTurn(server, turn, {
        contextLength: null,
        retryAfter: 5,
        command: 'codex-gateway',
        events,
        signal,
      }),
  });
}
