import { GatewayError, messageOf } from '../../base/errors.ts';
import type {
  AgentEngine,
  AgentInput,
  AgentListener,
  AgentThread,
  AgentTurnOptions,
  Review,
  ThreadOptions,
} from '../../conversation/ports/agent.ts';
import { supervise, type Supervisor } from '../process/supervisor.ts';
import { RpcError } from '../protocol/rpc-error.ts';
import { startAgentChild, type AgentChildOptions, type AgentServer } from './agent-child.ts';

/** Creates the engine of agent sessions. Its app-server starts with the first thread. */
export function createAgentEngine(options: AgentChildOptions): AgentEngine {
  let starting: Promise<Supervisor<AgentServer>> | undefined;

  async function current(signal: AbortSignal): Promise<AgentServer> {
    starting ??= supervise({
      start: async (ending: AbortSignal) => await startAgentChild(options, ending),
      observer: options.observer,
    });
    try {
      return await (await starting).current(signal);
    } catch (error) {
      // A start that failed is tried again with the next request.
      const failed = starting;
      await failed?.catch(() => {
        if (starting === failed) starting = undefined;
      });
      throw error;
    }
  }

  return {
    async start(thread, listener, signal) {
      const server = await current(signal);
      return await explained(async () => {
        const started = await server.connection.request('thread/start', threadParams(thread));
        return openThread(server, started.thread.id, started, listener);
      });
    },
    async resume(threadId, thread, listener, signal) {
      const server = await current(signal);
      return await explained(async () => {
        const params = { threadId, excludeTurns: true, ...threadParams(thread) };
        return openThread(
          server,
          threadId,
          await server.connection.request('thread/resume', params),
          listener,
        );
      });
    },
    async close() {
      await (await starting?.catch(() => undefined))?.close();
    },
  };
}

/**
 * Returns the parameters of a thread that may write nothing: what a turn may write goes along with the turn. A thread that may
 * write makes Codex trust the folder for good, in the user's own configuration.
 */
function threadParams({ workspace, model, provider }: ThreadOptions) {
  const config =
    provider === undefined
      ? {}
      : {
          model_provider: provider.id,
          [`model_providers.${provider.id}`]: {
            name: provider.id,
            base_url: provider.baseUrl,
            wire_api: 'responses',
            requires_openai_auth: false,
            ...(provider.key !== undefined && { experimental_bearer_token: provider.key }),
          },
        };
  return {
    cwd: workspace,
    sandbox: 'read-only' as const,
    approvalPolicy: 'on-request' as const,
    ...(model !== undefined && { model }),
    config: { 'tools.update_plan.enabled': true, ...config },
  };
}

interface OpenedThread {
  readonly model: string;
  readonly cwd: string;
}

function openThread(
  server: AgentServer,
  id: string,
  { model, cwd }: OpenedThread,
  listener: AgentListener,
): AgentThread {
  const { connection } = server;
  const stop = server.state.listen(id, listener);
  return {
    id,
    model,
    workspace: cwd,
    startTurn: (options) =>
      explained(
        async () =>
          (await connection.request('turn/start', { threadId: id, ...turnParams(options) })).turn.id,
      ),
    steer: (expectedTurnId, input) =>
      explained(async () => {
        await connection.request('turn/steer', {
          threadId: id,
          expectedTurnId,
          input: input.map(encodeInput),
        });
      }),
    interrupt: (turnId) =>
      explained(async () => void (await connection.request('turn/interrupt', { threadId: id, turnId }))),
    endCommands: () =>
      explained(
        async () => void (await connection.request('thread/backgroundTerminals/clean', { threadId: id })),
      ),
    async unload() {
      stop();
      await connection.request('thread/unsubscribe', { threadId: id }).catch(() => {});
    },
  };
}

/** Approval policy and sandbox of each kind of review, as seen to work in docs/internals/app-server.md. */
const POLICIES = {
  edits: { approvalPolicy: 'on-request', mayWrite: false },
  commands: { approvalPolicy: 'untrusted', mayWrite: true },
  none: { approvalPolicy: 'never', mayWrite: true },
} as const satisfies Record<Review, object>;

function turnParams({ input, review, sandbox }: AgentTurnOptions) {
  const { approvalPolicy, mayWrite } = POLICIES[review];
  const sandboxPolicy =
    mayWrite && sandbox === 'workspace-write'
      ? {
          type: 'workspaceWrite' as const,
          writableRoots: [],
          networkAccess: false,
          excludeTmpdirEnvVar: true,
          excludeSlashTmp: true,
        }
      : { type: 'readOnly' as const, networkAccess: false };
  return { input: input.map(encodeInput), approvalPolicy, sandboxPolicy };
}

function encodeInput(input: AgentInput) {
  return input.type === 'text'
    ? { type: 'text' as const, text: input.text, text_elements: [] }
    : { type: 'localImage' as const, path: input.path };
}

/** Turns failures of the app-server into errors for callers. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.failure === 'refused')
      throw new GatewayError('invalid_request', `Codex refuses this: ${messageOf(error)}`, { cause: error });
    const message = 'Codex is not available at the moment; try again.';
    throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 5 });
  }
}
