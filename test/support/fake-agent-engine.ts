import type {
  AgentAccount,
  AgentLogin,
  KeptThread,
  ThreadMessage,
} from '../../src/conversation/ports/agent-home.ts';
import type {
  AgentEngine,
  AgentEvent,
  AgentListener,
  AgentThread,
  AgentTurnOptions,
  ThreadOptions,
} from '../../src/conversation/ports/agent.ts';

/** An engine without Codex, for tests of what comes before it. Its turns run until the test ends them. */
export interface FakeAgentEngine extends AgentEngine {
  readonly threads: FakeThread[];
  /** Set by tests. */
  account: AgentAccount;
  kept: KeptThread[];
  messages: ThreadMessage[];
  login: (signal: AbortSignal) => Promise<AgentLogin>;
  /** The last of the threads. */
  readonly thread: FakeThread;
}

interface FakeThread extends AgentThread {
  readonly options: ThreadOptions;
  readonly turns: AgentTurnOptions[];
  /** Names of what else was asked of it. */
  readonly calls: string[];
  /** Id of the last turn. */
  readonly turnId: string;
  readonly isUnloaded: boolean;
  readonly listener: AgentListener;
  /** Passes on events of the turn that runs. */
  send(...events: readonly AgentEvent[]): void;
  /** Ends the turn that runs, with an answer. */
  finish(text?: string): void;
}

let count = 0;

export function createFakeAgentEngine(): FakeAgentEngine {
  const threads: FakeThread[] = [];
  let isStarted = false;
  const open = (id: string, options: ThreadOptions, listener: AgentListener): AgentThread => {
    isStarted = true;
    const thread = createFakeThread(id, options, listener);
    threads.push(thread);
    return thread;
  };
  const started = <T>(value: T): T => {
    isStarted = true;
    return value;
  };
  const engine: FakeAgentEngine = {
    threads,
    account: { type: 'chatgpt', email: 'user@example.com' },
    kept: [],
    messages: [],
    login: async () => Promise.reject(new Error('no login')),
    isStarted: () => isStarted,
    get thread() {
      return threads.at(-1)!;
    },
    start: async (options, listener) => open(crypto.randomUUID(), options, listener),
    resume: async (id, options, listener) => open(id, options, listener),
    fork: async (_id, options, listener) => open(crypto.randomUUID(), options, listener),
    listThreads: async ({ workspace }) =>
      started({
        threads: engine.kept.filter((thread) => workspace === undefined || thread.workspace === workspace),
        next: undefined,
      }),
    findThread: async (id) => started(engine.kept.find((thread) => thread.id === id)),
    readMessages: async (_id, limit) => engine.messages.slice(-limit),
    listModels: async () => started([]),
    readAccount: async () => started(engine.account),
    startLogin: async (signal) => await started(engine.login(signal)),
    close: async () => {},
  };
  return engine;
}

function createFakeThread(id: string, options: ThreadOptions, listener: AgentListener): FakeThread {
  const turns: AgentTurnOptions[] = [];
  const calls: string[] = [];
  let turnId = '';
  let isUnloaded = false;
  const begin = () => {
    count += 1;
    turnId = `turn-${count}`;
    return turnId;
  };
  const end = (status: 'completed' | 'interrupted') =>
    listener.onEvents([{ type: 'turn-completed', turnId, status }]);
  return {
    id,
    model: options.model ?? 'gpt-5.5',
    workspace: options.workspace,
    options,
    turns,
    calls,
    listener,
    get turnId() {
      return turnId;
    },
    get isUnloaded() {
      return isUnloaded;
    },
    async startTurn(turn) {
      turns.push(turn);
      return begin();
    },
    async startReview() {
      calls.push('review');
      return begin();
    },
    async startCompaction() {
      calls.push('compact');
      listener.onEvents([{ type: 'turn-started', turnId: begin() }]);
    },
    steer: async () => {},
    async interrupt() {
      calls.push('interrupt');
      end('interrupted');
    },
    endCommands: async () => {},
    async unload() {
      isUnloaded = true;
    },
    send: (...events) => listener.onEvents(events),
    finish(text = 'Done.') {
      const item = { id: `item-${turnId}`, type: 'agentMessage', text };
      listener.onEvents([{ type: 'item-completed', turnId, item }]);
      end('completed');
    },
  };
}
