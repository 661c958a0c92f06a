import type { AnswerEvent, TurnEnd } from '../../src/conversation/turn-event.ts';
import type { ResponseEvent } from '../../src/openai/responses/output/response-event.ts';
import type { ResponseAnswer } from '../../src/openai/responses/response/response-options.ts';
import type { ResponsePresentation } from '../../src/openai/responses/request/decode.ts';
import { flatten } from './flatten.ts';
import { ECHO } from './sample-response.ts';

export const ENVELOPE = { id: 'resp_1', createdAt: 1, model: 'gpt-6-sol' };

export const PRESENTATION: ResponsePresentation = {
  echo: ECHO,
  include: new Set(),
  customTools: new Set(),
  background: false,
};

export const STOP: TurnEnd = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };

/** An answer that tells the events, and fails after them where there is an error. */
export function createResponseAnswer(events: Iterable<AnswerEvent>, error?: Error): ResponseAnswer {
  async function* tell() {
    for (const value of events) yield { index: 0, events: [value] };
    if (error) throw error;
  }
  return { serviceTier: 'priority', reasoningEffort: 'low', events: tell() };
}

export async function readAll(events: AsyncIterable<readonly ResponseEvent[]>): Promise<ResponseEvent[]> {
  return await Array.fromAsync(flatten(events));
}

export const typesOf = (events: readonly ResponseEvent[]) => events.map(({ type }) => type);
