import { setTimeout as sleep } from 'node:timers/promises';
import {
  sendCompleted,
  sendDelta,
  sendMessageDone,
  startMessage,
  startUpstream,
  type UpstreamRequest,
} from '../../support/upstream.ts';
import type { ServerResponse } from 'node:http';
import { piecesOf, readDirective, type Directive } from './directive.ts';

/** The scripted model of a run, which answers by the directive in each request. */
export interface ChaosProvider {
  readonly baseUrl: string;
  /** Returns how often the model was asked for this answer, and forgets it. */
  takeAsked(id: string): number;
  close(): Promise<void>;
}

export async function startChaosProvider(): Promise<ChaosProvider> {
  const asked = new Map<string, number>();
  const upstream = await startUpstream(async (request, response) => {
    // The scripted provider keeps what it hears.
    upstream.requests.length = 0;
    const directive = readDirective(lastText(request));
    if (directive === undefined) return void response.writeHead(400).end();
    asked.set(directive.id, (asked.get(directive.id) ?? 0) + 1);
    await answer(directive, response);
  });
  return {
    baseUrl: upstream.baseUrl,
    takeAsked(id) {
      const times = asked.get(id) ?? 0;
      asked.delete(id);
      return times;
    },
    close: upstream.close,
  };
}

async function answer(directive: Directive, response: ServerResponse): Promise<void> {
  const pieces = piecesOf(directive);
  startMessage(response);
  for (const piece of pieces) {
    if (directive.pauseMs > 0) await sleep(directive.pauseMs);
    if (response.destroyed) return;
    sendDelta(response, piece);
  }
  sendMessageDone(response, pieces.join(''));
  sendCompleted(response);
}

/** Returns the text of the last message of the user. */
function lastText({ body }: UpstreamRequest): string {
  const message = body.input.findLast(({ role }) => role === 'user');
  return message?.content?.map(({ text }) => text ?? '').join('') ?? '';
}
