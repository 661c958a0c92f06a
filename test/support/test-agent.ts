import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { agentEnvironment } from '../../src/app/sessions/agent-environment.ts';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { createAgentEngine, type AgentEngineOptions } from '../../src/codex/agent/agent-engine.ts';
import { findBinary } from '../../src/codex/process/binary.ts';
import type {
  AgentEngine,
  AgentEvent,
  AgentListener,
  AgentRequest,
  AgentThread,
  AgentTurnOptions,
  RequestAnswer,
  ThreadOptions,
} from '../../src/conversation/ports/agent.ts';
import { act, type AgentCall } from './agent-upstream.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { lookingForNothing, TOKEN } from './gateway.ts';
import { copyKeptDatabases } from './kept-databases.ts';
import { createVisibleFolder } from './temporary-folder.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** The real engine of agent sessions, which all tests of a file share, before a scripted model provider. */
export interface TestAgent {
  readonly engine: AgentEngine;
  readonly upstream: Upstream;
  readonly log: MemoryLog;
  readonly folder: string;
  /** The user's own CODEX_HOME. */
  readonly codexHome: string;
  /** The gateway's own folder, with the file `secret.txt`. */
  readonly state: string;
  readonly workspace: string;
  /** The user's config.toml as it is now. */
  config(): string;
  /** Options for the same set-up. */
  readonly options: AgentEngineOptions;
  open(options?: Partial<ThreadOptions>, threadId?: string, engine?: AgentEngine): Promise<TestThread>;
}

export interface TestThread {
  readonly thread: AgentThread;
  readonly events: readonly AgentEvent[];
  readonly requests: readonly AgentRequest[];
  /** Settles when the thread is gone. */
  readonly gone: Promise<void>;
  /** Answers every request from now on. */
  use(answer: (request: AgentRequest) => RequestAnswer | undefined): void;
  /** Starts a turn and resolves to its end. */
  run(options?: Partial<AgentTurnOptions>): Promise<EndedTurn>;
  /** Runs a turn in which the model makes these calls; resolves to what they gave back to it. */
  call(calls: readonly AgentCall[], options?: Partial<AgentTurnOptions>): Promise<string[]>;
  /** Resolves to the next event of a type that comes. */
  next<Type extends AgentEvent['type']>(type: Type): Promise<Extract<AgentEvent, { type: Type }>>;
}

type EndedTurn = Extract<AgentEvent, { type: 'turn-completed' }>;

/** Prepares the engine for the tests of a file. */
export function useTestAgent(further: Partial<AgentEngineOptions> = {}): TestAgent {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await createTestAgent(further);
  });
  afterAll(async () => {
    await agent.engine.close();
    await agent.upstream.close();
    rmSync(agent.folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return new Proxy({} as TestAgent, { get: (_target, name) => agent[name as keyof TestAgent] });
}

async function createTestAgent(further: Partial<AgentEngineOptions>): Promise<TestAgent> {
  const folder = createVisibleFolder();
  const [codexHome, workspace, state] = ['codex-home', 'workspace', 'state'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  }) as [string, string, string];
  await copyKeptDatabases(codexHome);
  const upstream = await startUpstream();
  const configPath = join(codexHome, 'config.toml');
  writeFileSync(configPath, lookingForNothing(upstream.baseUrl));
  writeFileSync(join(state, 'secret.txt'), 'SECRET');
  const own = { PATH: process.env.PATH ?? '', HOME: folder };
  const environment = agentEnvironment(
    { ...own, KEPT: 'kept', CODEX_GATEWAY_STATE: 'own-variable', AUTHORIZATION: `Bearer ${TOKEN}` },
    [TOKEN],
  );
  const { path: binary } = await findBinary(undefined, { ...environment, CODEX_HOME: codexHome });
  const log = createMemoryLog();
  const options: AgentEngineOptions = {
    binary,
    codexHome,
    environment,
    workingDirectory: workspace,
    clientVersion: '0',
    // As with a config file in its usual folder.
    forbidden: [state, join(state, 'secret.txt')],
    readOnly: [join(workspace, 'kept')],
    mayEscalate: false,
    observer: log,
    ...further,
  };
  const engine = createAgentEngine(options);
  return {
    engine,
    upstream,
    log,
    folder,
    codexHome,
    state,
    workspace,
    options,
    config: () => readFileSync(configPath, 'utf8'),
    async open(given = {}, threadId, on = engine) {
      const choices = { workspace, model: 'gpt-5.5', ...given };
      return await openTestThread(upstream, async (listener) =>
        threadId === undefined
          ? await on.start(choices, listener, NEVER_ABORTED)
          : await on.resume(threadId, choices, listener, NEVER_ABORTED),
      );
    },
  };
}

/** Opens a thread with a listener that keeps what it hears. */
export async function openTestThread(
  upstream: Upstream,
  open: (listener: AgentListener) => Promise<AgentThread>,
): Promise<TestThread> {
  const events: AgentEvent[] = [];
  const requests: AgentRequest[] = [];
  const waiting = new Map<string, ((event: AgentEvent) => void)[]>();
  const gone = Promise.withResolvers<void>();
  let answer: (request: AgentRequest) => RequestAnswer | undefined = () => ({ decision: 'deny' });
  const thread = await open({
    onEvents(batch) {
      for (const event of batch) {
        events.push(event);
        const waiters = waiting.get(event.type) ?? [];
        waiting.delete(event.type);
        for (const resolve of waiters) resolve(event);
      }
    },
    onRequest(request) {
      requests.push(request);
      const given = answer(request);
      if (given !== undefined) request.answer(given);
    },
    onGone: gone.resolve,
  });
  const next = async (type: AgentEvent['type']) =>
    await new Promise<AgentEvent>((resolve) => {
      waiting.set(type, [...(waiting.get(type) ?? []), resolve]);
    });
  const run: TestThread['run'] = async (options = {}) => {
    const end = next('turn-completed');
    await thread.startTurn({
      input: [{ type: 'text', text: 'Go.' }],
      review: 'edits',
      sandbox: 'workspace-write',
      ...options,
    });
    return (await end) as EndedTurn;
  };
  return {
    thread,
    events,
    requests,
    gone: gone.promise,
    use: (next) => void (answer = next),
    run,
    async call(calls, options) {
      upstream.use(act(calls, 'Done.'));
      await run(options);
      const outputs = upstream.requests.at(-1)!.body.input.filter(({ type }) => type?.endsWith('_output'));
      return outputs.slice(-calls.length).map(({ output }) => JSON.stringify(output));
    },
    next: next as TestThread['next'],
  };
}
