import type { Turn } from '../../../../generated/v2/Turn.js';
import type { Connection } from '../../protocol/connection.ts';
import { isOpenCall } from '../decode/call-decoder.ts';
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
   * Returns true if the turn failed in the dead end and is to be started again: its answer has no call, so only the model
   * itself wanted to go on.
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
  return new DeadEndGuard(connection, threadId, maxTries);
}

class DeadEndGuard implements SingleRequestGuard {
  readonly #connection: Pick<Connection, 'request'>;
  readonly #threadId: string;
  readonly #maxTries: number;
  /** The turn that runs. */
  #turnId = '';
  #answers = 0;
  /** True once the answer has a call, with which the turn ends. */
  #hasCall = false;
  #failedTries = 0;
  /** True if the turn, or the next one, runs without the guard. */
  #isOff = false;
  /** A turn that goes on, and the number of outputs that come before its next step. */
  #awaited: { readonly turnId: string; outputs: number } | undefined;

  constructor(connection: Pick<Connection, 'request'>, threadId: string, maxTries: number) {
    this.#connection = connection;
    this.#threadId = threadId;
    this.#maxTries = maxTries;
  }

  hear(notification: TurnNotification): boolean {
    const { method, params } = notification;
    if (method === 'turn/started') this.#begin((params.turn as Partial<Turn> | undefined)?.id ?? '');
    // The calls of another turn are the echo of the injected history.
    if (isCallOf(notification, this.#turnId)) this.#hasCall = true;
    if (isCallOutput(notification)) this.#hearOutput();
    if (method === 'rawResponse/completed') this.#answers += 1;
    if (method !== 'turn/completed' || !this.#isEndedByGuard(params.turn)) return false;
    this.#prepareNextTry();
    return true;
  }

  async release(turnId: string, outputs: number): Promise<boolean> {
    [this.#answers, this.#failedTries, this.#hasCall] = [0, 0, false];
    this.#awaited = { turnId, outputs };
    const params = { threadId: this.#threadId, turnId, environments: [] };
    const released = this.#connection.request('turn/settings/update', params);
    return await released.then(
      ({ status }) => status === 'applied',
      () => false,
    );
  }

  #begin(turnId: string): void {
    this.#turnId = turnId;
    if (!this.#isOff) this.#block(turnId);
  }

  /** Moves the turn to the dead end. The step under way keeps the environment that it began with. */
  #block(turnId: string): void {
    const environments = [{ environmentId: DEAD_END.environmentId, cwd: '/' }];
    const params = { threadId: this.#threadId, turnId, environments };
    this.#connection.request('turn/settings/update', params).catch(() => {});
  }

  /** Puts the guard back once the last output has come before which the next step cannot begin. */
  #hearOutput(): void {
    if (this.#awaited === undefined) return;
    this.#awaited.outputs -= 1;
    if (this.#awaited.outputs > 0) return;
    const { turnId } = this.#awaited;
    this.#awaited = undefined;
    this.#isOff = false;
    this.#block(turnId);
  }

  #isEndedByGuard(turn: Partial<Turn>): boolean {
    // While the guard is off, an error with the name of the dead end cannot be its work: it comes from the provider.
    return !this.#isOff && !this.#hasCall && hasReachedDeadEnd(turn);
  }

  /** Prepares for the turn to be run again; without the guard, if that has come before the first step often enough. */
  #prepareNextTry(): void {
    if (this.#answers === 0) this.#failedTries += 1;
    this.#isOff = this.#answers === 0 && this.#failedTries >= this.#maxTries;
    this.#answers = 0;
  }
}

function isCallOf({ method, params }: TurnNotification, turnId: string): boolean {
  if (method !== 'rawResponseItem/completed') return false;
  const { item } = params as Partial<typeof params>;
  return item !== undefined && params.turnId === turnId && isOpenCall(item);
}

function hasReachedDeadEnd(turn: Partial<Turn> | undefined): boolean {
  return turn?.error?.message.includes(DEAD_END.environmentId) ?? false;
}
