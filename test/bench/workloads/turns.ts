import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Item } from '../clients/client.ts';
import { createItems, type Prompt } from './prompts.ts';

export interface TurnsOptions {
  readonly count: number;
  readonly concurrency: number;
  readonly prompt: Prompt;
  /** Milliseconds before each turn, which are not measured. */
  readonly pauseMs?: number;
}

export interface TurnTimes {
  readonly firstMs: number[];
  readonly totalMs: number[];
  readonly worstGapMs: number[];
  readonly seconds: number;
  /** Number in all answers together. */
  readonly deltas: number;
}

const prepared = new Map<string, Item[]>();

/** Runs turns of one kind, so many at once. */
export async function runTurns(
  client: Client,
  { count, concurrency, prompt, pauseMs = 0 }: TurnsOptions,
): Promise<TurnTimes> {
  const items = prepared.get(JSON.stringify(prompt)) ?? createItems(prompt);
  prepared.set(JSON.stringify(prompt), items);
  const replies: Awaited<ReturnType<Client['ask']>>[] = [];
  const start = performance.now();
  let left = count;
  async function work(): Promise<void> {
    while (left > 0) {
      left -= 1;
      if (pauseMs > 0) await delay(pauseMs);
      replies.push(await client.ask({ items }));
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - start) / 1_000;
  return {
    firstMs: replies.map(({ firstMs }) => firstMs),
    totalMs: replies.map(({ totalMs }) => totalMs),
    worstGapMs: replies.map(({ worstGapMs }) => worstGapMs),
    seconds,
    deltas: replies.reduce((sum, reply) => sum + reply.read().deltas, 0),
  };
}
