import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendCalls } from '../../support/upstream-tools.ts';
import {
  refuse,
  sendCompleted,
  sendDelta,
  sendMessageDone,
  startMessage,
  startResponse,
  startUpstream,
  type UpstreamItem,
  type UpstreamRequest,
} from '../../support/upstream.ts';
import type { Random } from '../random.ts';
import { piecesOf, readDirective, type Directive } from './directive.ts';
import { chooseTreatment, REFUSALS, type Treatment, type Weather } from './treatment.ts';

/** The model's record of one answer. */
export interface Asked {
  /** The largest number of times that the same step of it was asked for. */
  readonly times: number;
  /** Number of different steps that were asked for: a call of a tool makes two of one answer. */
  readonly steps: number;
  /** Undefined if the model was not asked. */
  readonly treatment: Treatment | undefined;
}

/** The scripted model of a run, which answers by the directive in each request. */
export interface ChaosProvider {
  readonly baseUrl: string;
  use(weather: Weather): void;
  /** Returns the number of requests so far that were treated badly. */
  harmed(): number;
  /** Returns the record of an answer, and forgets it. */
  take(id: string): Asked;
  close(): Promise<void>;
}

/** Answers that were aborted by their clients may be asked for later than they are taken. */
const KEPT_ANSWERS = 5000;

export async function startChaosProvider(random: Random): Promise<ChaosProvider> {
  let harmed = 0;
  let weather: Weather = { name: 'fine', share: 0 };
  const answers = new Map<string, { steps: Map<number, number>; treatment: Treatment }>();
  const upstream = await startUpstream(async (request, response) => {
    // The scripted provider keeps what it hears.
    upstream.requests.length = 0;
    const directive = readDirective(lastText(request));
    if (directive === undefined) return void response.writeHead(400).end();
    const treatment = chooseTreatment(weather, random.fork(directive.id));
    if (treatment !== 'answered') harmed += 1;
    const step = countOutputs(request);
    const { steps } = answers.get(directive.id) ?? { steps: new Map<number, number>() };
    answers.set(directive.id, { steps: steps.set(step, (steps.get(step) ?? 0) + 1), treatment });
    const [oldest] = answers.keys();
    if (answers.size > KEPT_ANSWERS) answers.delete(oldest!);
    await treat(treatment, directive, request, response);
  });
  return {
    baseUrl: upstream.baseUrl,
    use(next) {
      weather = next;
    },
    harmed: () => harmed,
    take(id) {
      const { steps, treatment } = answers.get(id) ?? {};
      answers.delete(id);
      return { times: Math.max(0, ...(steps?.values() ?? [])), steps: steps?.size ?? 0, treatment };
    },
    close: upstream.close,
  };
}

async function treat(
  treatment: Treatment,
  directive: Directive,
  request: UpstreamRequest,
  response: ServerResponse,
): Promise<void> {
  const [, status] = treatment.split(' ');
  if (status !== undefined) {
    const error = { message: 'no', type: 'x', param: null, code: REFUSALS[Number(status) as 400] };
    return refuse(Number(status), { error })(request, response);
  }
  const missing = findMissing(directive, request);
  if (missing !== undefined) return await say([`${missing} is missing`], 0, response);
  if (directive.with === 'tool' && countOutputs(request) === 0 && treatment === 'answered') {
    startResponse(response);
    sendCalls(response, [{ name: 'look', arguments: { at: directive.id } }]);
    return sendCompleted(response);
  }
  const pieces = piecesOf(directive);
  if (treatment === 'answered') return await say(pieces, directive.pauseMs, response);
  startMessage(response, pieces[0]!);
  if (treatment === 'cut') return void setImmediate(() => response.destroy());
  if (treatment === 'stalled') return;
  await sleep(1000 + directive.pauseMs * 50);
  for (const piece of pieces.slice(1)) sendDelta(response, piece);
  finish(pieces, response);
}

async function say(pieces: readonly string[], pauseMs: number, response: ServerResponse): Promise<void> {
  startMessage(response);
  for (const piece of pieces) {
    if (pauseMs > 0) await sleep(pauseMs);
    if (response.destroyed) return;
    sendDelta(response, piece);
  }
  finish(pieces, response);
}

function finish(pieces: readonly string[], response: ServerResponse): void {
  sendMessageDone(response, pieces.join(''));
  sendCompleted(response);
}

/** Returns what the model should have been shown and was not. */
function findMissing(
  { history, with: what }: Directive,
  { body, text }: UpstreamRequest,
): string | undefined {
  const shown = body.input.filter((item) => isDirective(item)).length;
  if (shown !== history) return `history: ${shown} in place of ${history} messages`;
  if (what === 'image' && !text.includes('input_image')) return 'image';
  return undefined;
}

const isDirective = (item: UpstreamItem) => item.role === 'user' && readDirective(textOf(item)) !== undefined;
const textOf = ({ content }: UpstreamItem) => content?.map(({ text }) => text ?? '').join('') ?? '';

/** Returns the text of the user's last message with a directive. */
function lastText({ body }: UpstreamRequest): string {
  const message = body.input.findLast((item) => isDirective(item));
  return message === undefined ? '' : textOf(message);
}

/** Returns how many calls of the last directive have an output. */
function countOutputs({ body }: UpstreamRequest): number {
  const last = body.input.findLastIndex((item) => isDirective(item));
  return body.input.slice(last + 1).filter(({ type = '' }) => type.endsWith('_output')).length;
}
