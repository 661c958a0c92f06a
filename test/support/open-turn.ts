import type { BareAppServer } from '../../src/codex/chat/profile/profile.ts';
import { runTurnOnThread, type RunOptions } from '../../src/codex/chat/run-turn-on-thread.ts';
import { decodeRpcError } from '../../src/codex/protocol/rpc-error.ts';
import { createToolEncoder } from '../../src/codex/chat/tool-encoder.ts';
import { startTurnRun } from '../../src/codex/chat/turn-event-queue.ts';
import { flatten } from './flatten.ts';
import type { TurnRun } from '../../src/conversation/ports/engine.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import type { Turn } from '../../src/conversation/turn.ts';

interface OpenTurn {
  readonly events: AsyncIterable<TurnEvent>;
  readonly ended: Promise<void>;
}

/** Runs a turn on an app-server as the engine does, with its events one by one; errors of the app-server are decoded. */
export function openTurn(
  server: BareAppServer,
  turn: Turn,
  signal: AbortSignal,
  further: Partial<RunOptions> = {},
): OpenTurn {
  const { events, ended } = openTurnInBatches(server, turn, signal, further);
  return { events: flatten(events), ended };
}

/** Runs a turn as `openTurn` does, with its events in the batches in which they arrive. */
export function openTurnInBatches(
  server: BareAppServer,
  turn: Turn,
  signal: AbortSignal,
  further: Partial<RunOptions> = {},
): TurnRun {
  return startTurnRun({
    signal,
    explain: decodeRpcError,
    diagnose: () => undefined,
    work: async (events) =>
      await runTurnOnThread(server, turn, {
        contextLength: null,
        retryAfter: 5,
        command: 'codex-gateway',
        events,
        signal,
        tools: createToolEncoder(),
        expectsRequests: () => true,
        restartSeconds: () => 1,
        onAsked: () => {},
        ...further,
      }),
  });
}
