import type { Turn } from '../../../../generated/v2/Turn.js';
import type { Connection } from '../../protocol/connection.ts';
import { isCallOutput, type TurnNotification } from '../decode/turn-notifications.ts';

/** An environment that requires a skill which it never has, as nothing listens at its address: no step of a turn can begin in it. */
const DEAD_END = {
  environmentId: 'codex-gateway-dead-end',
  execServerUrl: 'ws://127.0.0.1:0',
  skills: { required: ['codex-gateway-dead-end'] },
};

/** Adds the dead-end environment to the app-server; resolves to false if it does not support environments. */
export async function addDeadEnd(connection: Pick<Connection, 'request'>): Promise<boolean> {
  return await connection.request('environment/add', DEAD_END).then(
    () => true,
    () => false,
  );
}

/**
 * Keeps Codex from asking the model more than once in a turn. Codex itself answers a call of a tool that it does not know,
 * and asks the model again at once; an interruption would often be too late. The guard moves the turn to an environment in
 * which its next step fails, before anything has been sent.
 */
export interface SingleRequestGuard {
  /**
   * Returns true if the turn failed in the dead end and is to be started again: no call ended it, so only the model itself
   * wanted to go on.
   */
  hear(notification: TurnNotification): boolean;
  /**
   * Lets the next step of the turn begin, for which its calls are about to be answered; the guard returns when all outputs are
   * part of the conversation. Resolves to false if the turn cannot go on.
   */
  release(turnId: string, outputs: number): Promise<boolean>;
}

/** @param maxTries Number of times that a turn is started with the guard, if it blocks the first step. */
export function createSingleRequestGuard(
  connection: Pick<Connection, 'request'>,
  threadId: string,
  maxTries = 1,
): SingleRequestGuard {
  let [answers, failedTries] = [0, 0];
  /** True if the turn, or the next one, runs without the guard. */
  let isOff = false;
  /** A turn that goes on, and the number of outputs that come before its next step. */
  let awaited: { readonly turnId: string; outputs: number } | undefined;

  /** Moves the turn to the dead end. The step under way keeps the environment that it began with. */
  function block(turnId: string): void {
    const environments = [{ environmentId: DEAD_END.environmentId, cwd: '/' }];
    connection.request('turn/settings/update', { threadId, turnId, environments }).catch(() => {});
  }

  function guardAgain(turnId: string): void {
    awaited = undefined;
    isOff = false;
    block(turnId);
  }

  /** Puts the guard back once the last output has come before which the next step cannot begin. */
  function hearOutput(): void {
    if (awaited === undefined) return;
    awaited.outputs -= 1;
    if (awaited.outputs === 0) guardAgain(awaited.turnId);
  }

  /** Prepares for the turn to be run again; without the guard, if that has come before the first step often enough. */
  function prepareNextTry(): void {
    if (answers === 0) failedTries += 1;
    isOff = answers === 0 && failedTries >= maxTries;
    answers = 0;
  }

  return {
    hear(notification) {
      const { method, params } = notification;
      if (method === 'turn/started' && !isOff) block((params.turn as Partial<Turn> | undefined)?.id ?? '');
      if (isCallOutput(notification)) hearOutput();
      if (method === 'rawResponse/completed') answers += 1;
      // While the guard is off, an error with the name of the dead end cannot be its work: it comes from the provider.
      if (method !== 'turn/completed' || isOff || !hasReachedDeadEnd(params.turn)) return false;
      prepareNextTry();
      return true;
    },
    async release(turnId, outputs) {
      [answers, failedTries] = [0, 0];
      awaited = { turnId, outputs };
      const params = { threadId, turnId, environments: [] };
      const released = connection.request('turn/settings/update', params);
      return await released.then(
        ({ status }) => status === 'applied',
        () => false,
      );
    },
  };
}

function hasReachedDeadEnd(turn: Partial<Turn> | undefined): boolean {
  return turn?.error?.message.includes(DEAD_END.environmentId) ?? false;
}
