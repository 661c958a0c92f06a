import { GatewayError } from '../../base/errors.ts';
import type { AgentEvent, AgentThread, AgentTurnOptions } from '../../conversation/ports/agent.ts';

type TurnEnd = Extract<AgentEvent, { readonly type: 'turn-completed' }>;

/** Runs the turns of one session, one at a time. */
export interface SessionTurns {
  /** Text of the answer so far. */
  readonly draft: string;
  /** Resolves once the turn has ended; rejects with a `GatewayError` if it could not run or its process ended. */
  run(thread: AgentThread, options: AgentTurnOptions): Promise<TurnEnd>;
  /** Hears every event of the agent. */
  hear(event: AgentEvent): void;
  /** The process has ended. */
  lose(): void;
}

export function createSessionTurns(): SessionTurns {
  let draft = '';
  let ending: PromiseWithResolvers<TurnEnd> | undefined;
  return {
    get draft() {
      return draft;
    },
    async run(thread, options) {
      draft = '';
      const current = Promise.withResolvers<TurnEnd>();
      ending = current;
      // A process can end before the turn has begun.
      current.promise.catch(() => {});
      try {
        await thread.startTurn(options);
        return await current.promise;
      } finally {
        ending = undefined;
      }
    },
    hear(event) {
      if (event.type === 'text-delta') draft += event.text;
      if (event.type === 'item-completed' && event.item.type === 'agentMessage') draft = '';
      if (event.type === 'turn-completed') ending?.resolve(event);
    },
    lose() {
      const message = 'The Codex process of the agent has ended; send the message again.';
      ending?.reject(new GatewayError('codex_unavailable', message));
    },
  };
}
