import { GatewayError } from '../../src/base/errors.ts';
import type {
  AgentAccount,
  AgentLogin,
  KeptThread,
  ThreadMessage,
} from '../../src/conversation/ports/agent-home.ts';
import type {
  AgentEngine,
  AgentEvent,
  AgentInput,
  AgentListener,
  AgentThread,
  AgentTurnOptions,
  ThreadOptions,
} from '../../src/conversation/ports/agent.ts';
import { answerTurn, createFakeTurn, textOf, type FakeTurn, type FakeTurnOptions } from './fake-turn.ts';

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
  /** Ends its process. */
  die(): void;
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

/** Creates an agent whose turns a script plays; without one they are answered at once. */
export function createFakeAgent(play: (turn: FakeTurn) => void | Promise<void> = answerTurn): FakeAgent {
  const turns: FakeTurn[] = [];
  const calls: string[] = [];
  const engine = createFakeAgentEngine({
    onCall: (call) => void calls.push(call),
    onTurn(options) {
      const turn = createFakeTurn(options);
      turns.push(turn);
      turn.emit({ type: 'turn-started', turnId: turn.id });
      void Promise.resolve().then(async () => await play(turn));
    },
  });
  const kill = () => engine.threads.forEach((thread) => thread.die());
  return { engine, turns, calls, kill };
}

interface Follower {
  onCall(call: string): void;
  onTurn(turn: FakeTurnOptions): void;
}

let count = 0;

/** Creates an engine whose turns the test plays by hand. */
export function createFakeAgentEngine(follower?: Follower): FakeAgentEngine {
  const threads: FakeThread[] = [];
  let isStarted = false;
  const started = <T>(value: T): T => {
    isStarted = true;
    return value;
  };
  const open = (call: string, id: string, options: ThreadOptions, listener: AgentListener): AgentThread => {
    follower?.onCall(call);
    const thread = createFakeThread({ id, options, listener, follower });
    threads.push(thread);
    return started(thread);
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
    start: async (options, listener) => open('start', crypto.randomUUID(), options, listener),
    resume: async (id, options, listener) => open('resume', id, options, listener),
    fork: async (id, options, listener) =>
      open(`fork ${id} ${options.lastTurnId ?? ''}`, crypto.randomUUID(), options, listener),
    listThreads: async ({ workspace, cursor, limit }) => {
      const begin = Number(cursor ?? 0);
      const all = engine.kept.filter((thread) => workspace === undefined || thread.workspace === workspace);
      const next = begin + limit < all.length ? String(begin + limit) : undefined;
      return started({ threads: all.slice(begin, begin + limit), next });
    },
    findThread: async (id) => started(engine.kept.find((thread) => thread.id === id)),
    readMessages: async (_id, limit) => started(engine.messages.slice(-limit)),
    listModels: async () => started([]),
    readAccount: async () => started(engine.account),
    startLogin: async (signal) => await started(engine.login(signal)),
    close: async () => follower?.onCall('close'),
  };
  return engine;
}

interface FakeThreadOptions {
  readonly id: string;
  readonly options: ThreadOptions;
  readonly listener: AgentListener;
  readonly follower: Follower | undefined;
}

function createFakeThread({ id, options, listener, follower }: FakeThreadOptions): FakeThread {
  const { workspace } = options;
  const turns: AgentTurnOptions[] = [];
  const calls: string[] = [];
  let turnId = '';
  let isUnloaded = false;
  const note = (call: string) => {
    calls.push(call);
    follower?.onCall(call);
  };
  const requireLoaded = () => {
    if (isUnloaded) throw new GatewayError('codex_unavailable', 'The process has ended.');
  };
  const begin = (input: readonly AgentInput[]) => {
    requireLoaded();
    count += 1;
    turnId = `turn-${count}`;
    follower?.onTurn({ id: turnId, threadId: id, workspace, listener, input });
    return turnId;
  };
  const end = (ended: string, status: 'completed' | 'interrupted') =>
    listener.onEvents([{ type: 'turn-completed', turnId: ended, status }]);
  return {
    id,
    model: options.model ?? 'gpt-5.5',
    workspace,
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
      return begin(turn.input);
    },
    async startReview(target) {
      note('review');
      return begin([{ type: 'text', text: `review ${target.type}` }]);
    },
    async startCompaction() {
      note('compact');
      const begun = begin([{ type: 'text', text: 'compaction' }]);
      if (follower === undefined) listener.onEvents([{ type: 'turn-started', turnId: begun }]);
    },
    async steer(steered, input) {
      requireLoaded();
      note(`steer ${textOf(input)}`);
      if (steered !== turnId) throw new GatewayError('invalid_request', 'Another turn runs.');
    },
    async interrupt(interrupted) {
      note('interrupt');
      end(interrupted, 'interrupted');
    },
    endCommands: async () => note('endCommands'),
    async unload() {
      note('unload');
      isUnloaded = true;
    },
    die() {
      if (isUnloaded) return;
      isUnloaded = true;
      listener.onGone();
    },
    send: (...events) => listener.onEvents(events),
    finish(text = 'Done.') {
      const item = { id: `item-${turnId}`, type: 'agentMessage', text };
      listener.onEvents([{ type: 'item-completed', turnId, item }]);
      end(turnId, 'completed');
    },
  };
}
