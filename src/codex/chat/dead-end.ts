import type { Turn } from '../../../generated/v2/Turn.js';
import type { Connection } from '../protocol/connection.ts';
import type { TurnNotification } from '../protocol/protocol.ts';

/** An environment for the next step of a turn which never has what is required of it: there is nothing behind the port. */
const ENVIRONMENT = {
  environmentId: 'codex-gateway-dead-end',
  execServerUrl: 'ws://127.0.0.1:0',
  skills: { required: ['codex-gateway-dead-end'] },
};

/** Tells the app-server of the dead end; resolves to false where it knows of no such thing. */
export async function addDeadEnd(connection: Connection): Promise<boolean> {
  return await connection.request('environment/add', ENVIRONMENT).then(
    () => true,
    () => false,
  );
}

/**
 * Lets Codex ask the model once in a turn. What it has no tool for, it answers by itself, and asks again at once: an
 * interruption would often come too late. Its next step fails here instead, before anything has gone up.
 */
export interface DeadEnd {
  /** Returns true where the turn is to be started again: nobody but the model itself wanted to go on. */
  hear(notification: TurnNotification): boolean;
}

export function createDeadEnd(connection: Connection, threadId: string): DeadEnd {
  let answers = 0;
  /** Whether the turn, or the next one, goes without. */
  let isOpen = false;

  /** The step under way keeps the environment that it began with. */
  function close(turnId: string): void {
    const environments = [{ environmentId: ENVIRONMENT.environmentId, cwd: '/' }];
    connection.request('turn/settings/update', { threadId, turnId, environments }).catch(() => {});
  }

  return {
    hear({ method, params }) {
      if (method === 'turn/started' && !isOpen) close(params.turn.id);
      if (method === 'rawResponse/completed') answers += 1;
      // Where there is none, a provider speaks of it: of a tool of that name, say.
      if (method !== 'turn/completed' || isOpen || !hasRunInto(params.turn)) return false;
      // It came before the first step had begun: the turn is better off without.
      isOpen = answers === 0;
      answers = 0;
      return true;
    },
  };
}

function hasRunInto(turn: Partial<Turn> | undefined): boolean {
  return turn?.error?.message.includes(ENVIRONMENT.environmentId) ?? false;
}
