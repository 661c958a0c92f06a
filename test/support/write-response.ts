import type { AnswerEvent, TurnEnd } from '../../src/conversation/turn-event.ts';
import type { ResponseEvent } from '../../src/openai/responses/output/response-event.ts';
import type { ResponseWriting } from '../../src/openai/responses/response/response-writing.ts';
import type { ResponseStyle } from '../../src/openai/responses/request/style.ts';
import { ECHO } from './sample-response.ts';

export const ENVELOPE = { id: 'resp_1', createdAt: 1, model: 'gpt-6-sol' };

export const STYLE: ResponseStyle = {
  echo: ECHO,
  include: new Set(),
  customTools: new Set(),
  background: false,
};

export const STOP: TurnEnd = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };

/** An answer that tells the events, and fails after them where there is an error. */
export function createWriting(events: Iterable<AnswerEvent>, error?: Error): ResponseWriting {
  async function* tell() {
    for (const value of events) yield { index: 0, value };
    if (error) throw error;
  }
  return { serviceTier: 'priority', reasoningEffort: 'low', events: tell() };
}

export async function readAll(events: AsyncIterable<ResponseEvent>): Promise<ResponseEvent[]> {
  return await Array.fromAsync(events);
}

export const typesOf = (events: readonly ResponseEvent[]) => events.map(({ type }) => type);
