import { GatewayError } from '../../base/errors.ts';
import type { AgentEvent, TurnStatus } from '../../conversation/ports/agent.ts';
import { createDraft, type Draft } from './draft.ts';
import { startTurnClock, type TurnClock } from './turn-clock.ts';

/** The end of a turn. */
export interface AgentTurnEnd {
  readonly status: TurnStatus;
  readonly error?: string | undefined;
}

interface TurnSteps {
  /**
   * Begins the turn; resolves to the agent's id if that is known already. Rejects if the signal aborts before the agent has
   * heard of the turn.
   */
  begin(signal: AbortSignal): Promise<string | void>;
  /** Ends the turn with this id early; its end follows as an event. */
  interrupt(agentId: string): Promise<void>;
  /** Aborts when the turn has to end early. */
  readonly signal: AbortSignal;
  /** Maximum milliseconds of the turn, without the time in which it waits for a person. */
  readonly timeoutMs: number;
  /** Called with the agent's id as soon as it is known. */
  onBegun(agentId: string): void;
}

/** Runs the turns of one session on its thread, one at a time. */
export interface SessionTurns {
  readonly draft: Draft;
  /** Resolves once the turn has ended; rejects with a `GatewayError` if it could not begin. */
  run(steps: TurnSteps): Promise<AgentTurnEnd>;
  /** Returns the agent's id of the running turn once it is known; undefined if no turn runs. */
  begun(): Promise<string> | undefined;
  /** Hears every event of the agent, with the agent's own ids. */
  hear(event: AgentEvent): void;
  /** Tells that the turn waits for a person, or no longer does. */
  wait(isWaiting: boolean): void;
  /** The process has ended. */
  lose(): void;
}

/** Milliseconds for which an interrupted turn may take to end; then it counts as ended. */
const INTERRUPT_MS = 10_000;

interface Current {
  readonly begun: PromiseWithResolvers<string>;
  readonly ended: PromiseWithResolvers<AgentTurnEnd>;
  readonly steps: TurnSteps;
  agentId?: string;
  clock?: TurnClock;
}

export function createSessionTurns(): SessionTurns {
  const draft = createDraft();
  let current: Current | undefined;

  function bind(turn: Current, agentId: string): void {
    if (turn.agentId !== undefined) return;
    turn.agentId = agentId;
    turn.steps.onBegun(agentId);
    turn.begun.resolve(agentId);
  }

  return {
    draft,
    async run(steps) {
      draft.clear();
      const turn: Current = {
        begun: Promise.withResolvers(),
        ended: Promise.withResolvers(),
        steps,
      };
      current = turn;
      // A process can end before anybody waits for the turn.
      for (const { promise } of [turn.begun, turn.ended]) promise.catch(() => {});
      try {
        return await runTurn(turn, (agentId) => bind(turn, agentId));
      } finally {
        turn.begun.reject(new Error('The turn has ended.'));
        current = undefined;
        draft.clear();
      }
    },
    begun: () => current?.begun.promise,
    hear(event) {
      draft.hear(event);
      if (event.type === 'turn-started' && current !== undefined) bind(current, event.turnId);
      if (event.type !== 'turn-completed' || event.turnId !== current?.agentId) return;
      current.ended.resolve({ status: event.status, error: event.error });
    },
    wait(isWaiting) {
      if (isWaiting) current?.clock?.pause();
      else current?.clock?.resume();
    },
    lose() {
      const error = 'The Codex process of the agent has ended; send the message again.';
      current?.ended.resolve({ status: 'failed', error });
      current?.begun.reject(new GatewayError('codex_unavailable', error));
    },
  };
}

async function runTurn(turn: Current, bind: (agentId: string) => void): Promise<AgentTurnEnd> {
  const { steps, ended, begun } = turn;
  const expired = new AbortController();
  const stopping = AbortSignal.any([steps.signal, expired.signal]);
  stopping.throwIfAborted();
  const stop = () => void interrupt();
  async function interrupt(): Promise<void> {
    const overdue = setTimeout(() => ended.resolve({ status: 'interrupted' }), INTERRUPT_MS);
    void ended.promise.finally(() => clearTimeout(overdue)).catch(() => {});
    await begun.promise.then(steps.interrupt).catch(() => {});
  }
  stopping.addEventListener('abort', stop, { once: true });
  turn.clock = startTurnClock(steps.timeoutMs, () => expired.abort());
  try {
    const beginning = steps.begin(stopping).catch((error: unknown) => {
      if (!stopping.aborted) throw error;
      ended.resolve({ status: 'interrupted' });
    });
    const agentId = await Promise.race([beginning, ended.promise.then(() => undefined)]);
    if (typeof agentId === 'string') bind(agentId);
    const end = await ended.promise;
    if (!expired.signal.aborted || end.status === 'completed') return end;
    const seconds = Math.round(steps.timeoutMs / 1000);
    return { status: 'failed', error: `The turn was ended because it took longer than ${seconds} seconds.` };
  } finally {
    turn.clock.stop();
    stopping.removeEventListener('abort', stop);
  }
}
