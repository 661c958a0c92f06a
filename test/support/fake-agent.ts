import { GatewayError } from '../../src/base/errors.ts';
import type {
  AgentEngine,
  AgentEvent,
  AgentInput,
  AgentListener,
  AgentThread,
  ThreadOptions,
  TurnStatus,
} from '../../src/conversation/ports/agent.ts';

/** A turn that a test plays. */
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

export interface FakeAgent {
  readonly engine: { -readonly [Name in keyof AgentEngine]: AgentEngine[Name] };
  /** The turns so far, oldest first. */
  readonly turns: readonly FakeTurn[];
  /** Words that tell of threads and turns: `start`, `resume`, `unload`, `interrupt`, and so on. */
  readonly calls: readonly string[];
  /** Ends the process of the engine. */
  kill(): void;
}

/** Answers every turn at once. */
export function answerTurn(turn: FakeTurn): void {
  turn.say(`Answer to ${turn.text}`);
  turn.end();
}

/** Creates an engine whose turns the test plays; without a script they are answered at once. */
export function createFakeAgent(play: (turn: FakeTurn) => void | Promise<void> = answerTurn): FakeAgent {
  const listeners = new Map<string, AgentListener>();
  const turns: FakeTurn[] = [];
  const calls: string[] = [];

  function open(id: string, { workspace }: ThreadOptions, listener: AgentListener): AgentThread {
    listeners.set(id, listener);
    const requireAlive = () => {
      if (listeners.get(id) !== listener)
        throw new GatewayError('codex_unavailable', 'The process has ended.');
    };
    const begin = async (input: readonly AgentInput[]) => {
      requireAlive();
      const turn = createTurn({ threadId: id, workspace, listener, input });
      turns.push(turn);
      turn.emit({ type: 'turn-started', turnId: turn.id });
      void Promise.resolve().then(async () => await play(turn));
      return turn.id;
    };
    return {
      id,
      model: 'gpt-5.5',
      workspace,
      startTurn: ({ input }) => begin(input),
      startReview: (target) => begin([{ type: 'text', text: `review ${target.type}` }]),
      startCompaction: async () => void (await begin([{ type: 'text', text: 'compaction' }])),
      async steer(turnId, input) {
        requireAlive();
        calls.push(`steer ${textOf(input)}`);
        if (turns.at(-1)?.id !== turnId) throw new GatewayError('invalid_request', 'Another turn runs.');
      },
      async interrupt(turnId) {
        calls.push('interrupt');
        turns.find((turn) => turn.id === turnId)?.end('interrupted');
      },
      async endCommands() {
        calls.push('endCommands');
      },
      async unload() {
        calls.push('unload');
        listeners.delete(id);
      },
    };
  }

  const nothing = async (): Promise<never> => {
    throw new GatewayError('invalid_request', 'The fake agent does not know this.');
  };
  return {
    turns,
    calls,
    kill() {
      const gone = [...listeners.values()];
      listeners.clear();
      for (const listener of gone) listener.onGone();
    },
    engine: {
      isStarted: () => true,
      async start(options, listener) {
        calls.push('start');
        return open(crypto.randomUUID(), options, listener);
      },
      async resume(threadId, options, listener) {
        calls.push('resume');
        return open(threadId, options, listener);
      },
      async fork(threadId, options, listener) {
        calls.push(`fork ${threadId} ${options.lastTurnId ?? ''}`);
        return open(crypto.randomUUID(), options, listener);
      },
      listThreads: nothing,
      findThread: nothing,
      readMessages: async () => [],
      listModels: nothing,
      readAccount: nothing,
      startLogin: nothing,
      async close() {
        calls.push('close');
      },
    },
  };
}

interface FakeTurnOptions {
  readonly threadId: string;
  readonly workspace: string;
  readonly listener: AgentListener;
  readonly input: readonly AgentInput[];
}

function createTurn({ threadId, workspace, listener, input }: FakeTurnOptions): FakeTurn {
  const id = crypto.randomUUID();
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

function textOf(input: readonly AgentInput[]): string {
  return input.map((part) => (part.type === 'text' ? part.text : part.path)).join('\n');
}
