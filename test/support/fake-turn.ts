import type {
  AgentEvent,
  AgentInput,
  AgentListener,
  TurnStatus,
} from '../../src/conversation/ports/agent.ts';

/** A turn that a script plays. */
export interface FakeTurn {
  readonly id: string;
  readonly threadId: string;
  readonly workspace: string;
  /** Text of the whole input. */
  readonly text: string;
  emit(...events: readonly AgentEvent[]): void;
  /** Completes a message of the agent. */
  say(text: string): void;
  /** Asks for a decision, which the promise resolves to. */
  ask(): Promise<string>;
  end(status?: TurnStatus, error?: string): void;
}

/** Answers every turn at once. */
export function answerTurn(turn: FakeTurn): void {
  turn.say(`Answer to ${turn.text}`);
  turn.end();
}

export interface FakeTurnOptions {
  readonly id: string;
  readonly threadId: string;
  readonly workspace: string;
  readonly listener: AgentListener;
  readonly input: readonly AgentInput[];
}

export function createFakeTurn({ id, threadId, workspace, listener, input }: FakeTurnOptions): FakeTurn {
  const turn = { turnId: id };
  return {
    id,
    threadId,
    workspace,
    text: textOf(input),
    emit: (...events) => listener.onEvents(events),
    say(text) {
      const item = { id: crypto.randomUUID(), type: 'agentMessage', text };
      listener.onEvents([{ type: 'item-completed', ...turn, item }]);
    },
    async ask() {
      const answered = Promise.withResolvers<string>();
      listener.onRequest({
        id: crypto.randomUUID(),
        kind: 'command',
        method: 'item/commandExecution/requestApproval',
        ...turn,
        itemId: 'item',
        changes: [],
        isEscalated: false,
        payload: { command: 'ls' },
        answer: ({ decision }) => answered.resolve(decision),
      });
      return await answered.promise;
    },
    end: (status = 'completed', error) =>
      listener.onEvents([{ type: 'turn-completed', ...turn, status, error }]),
  };
}

export function textOf(input: readonly AgentInput[]): string {
  return input.map((part) => (part.type === 'text' ? part.text : part.path)).join('\n');
}
