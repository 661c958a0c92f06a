import type { AgentListener, AgentThread, AgentTurnOptions } from '../../conversation/ports/agent.ts';
import type { AgentServer } from './agent-child.ts';
import { explained } from './agent-errors.ts';
import { collaborationMode, encodeInput, turnParams } from './agent-parameters.ts';

/** A thread as the app-server describes it when it is started, resumed or forked. */
export interface OpenedThread {
  readonly thread: { readonly id: string };
  readonly model: string;
  readonly cwd: string;
  readonly collaborationMode?: { readonly mode: string } | null;
}

/** Returns a thread that is loaded in an app-server; its listener hears of it from now on. */
export function openThread(server: AgentServer, opened: OpenedThread, listener: AgentListener): AgentThread {
  const { connection } = server;
  const { model, cwd } = opened;
  const threadId = opened.thread.id;
  const stop = server.state.listen(threadId, listener);
  let isPlanning = opened.collaborationMode?.mode === 'plan';

  async function endCommands(): Promise<void> {
    await connection.request('thread/backgroundTerminals/clean', { threadId });
  }

  return {
    id: threadId,
    model,
    workspace: cwd,
    startTurn: async (options) =>
      await explained(async () => {
        const mode = modeOf(options, isPlanning);
        const { turn } = await connection.request('turn/start', {
          threadId,
          ...turnParams(options),
          ...(mode !== undefined && { collaborationMode: collaborationMode(mode, model) }),
        });
        isPlanning = options.isPlan ?? false;
        return turn.id;
      }),
    startReview: async (target) =>
      await explained(async () => {
        const { turn } = await connection.request('review/start', { threadId, target, delivery: 'inline' });
        return turn.id;
      }),
    startCompaction: async () =>
      await explained(async () => {
        await connection.request('thread/compact/start', { threadId });
      }),
    steer: async (expectedTurnId, input) =>
      await explained(async () => {
        await connection.request('turn/steer', { threadId, expectedTurnId, input: encodeInput(input) });
      }),
    interrupt: async (turnId) =>
      await explained(async () => {
        await connection.request('turn/interrupt', { threadId, turnId });
        await endCommands();
      }),
    endCommands: async () => await explained(endCommands),
    async unload() {
      stop();
      await endCommands().catch(() => {});
      await connection.request('thread/unsubscribe', { threadId }).catch(() => {});
    },
  };
}

function modeOf({ isPlan = false }: AgentTurnOptions, isPlanning: boolean): 'plan' | 'default' | undefined {
  if (isPlan) return 'plan';
  return isPlanning ? 'default' : undefined;
}
