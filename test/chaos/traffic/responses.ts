import { setTimeout as sleep } from 'node:timers/promises';
import { writeDirective, type Directive } from '../provider/directive.ts';
import { call, eventsOf, type Call } from './http-call.ts';
import { CHAOS_MODEL, failureOf, judgePart, judgeText, type Exchange, type Verdict } from './exchange.ts';

/** A response, as far as the traffic looks at it. */
export interface ResponseObject {
  readonly id: string;
  readonly status: string;
  readonly store?: boolean;
  readonly error?: { readonly code: string } | null;
  readonly output?: readonly { readonly content?: readonly { readonly text?: string }[] }[];
}

interface ResponseEvent {
  readonly type: string;
  readonly delta?: string;
  readonly code?: string | null;
  readonly response?: ResponseObject;
}

export function textOfResponse({ output = [] }: ResponseObject): string {
  return output.flatMap(({ content = [] }) => content.map(({ text = '' }) => text)).join('');
}

/** Asks and reads the whole response. */
export async function respondWhole(exchange: Exchange): Promise<Verdict> {
  return (await respond(exchange, exchange.directive, {})).verdict;
}

/** Asks twice, the second time in continuation of the first. */
export async function respondTwice(exchange: Exchange): Promise<Verdict> {
  const { directive } = exchange;
  const first = { ...directive, id: `${directive.id}-1` };
  const { verdict, response } = await respond(exchange, first, {});
  if (response === undefined || verdict.outcome !== 'ok') return verdict;
  // It could not be stored.
  if (response.store === false) return { outcome: 'ok' };
  const further = { previous_response_id: response.id };
  const { verdict: last } = await respond(exchange, { ...directive, history: 2 }, further);
  return { ...last, stepsBefore: 1 };
}

/** Asks for a stream and reads it to its end. */
export async function respondStreamed(exchange: Exchange): Promise<Verdict> {
  const { directive, vault, token } = exchange;
  const era = vault.era();
  const answer = await call(responseCall(exchange, directive, { stream: true }));
  if (answer.status !== 200) return failureOf(answer);
  const { verdict, response } = judgeEvents(
    eventsOf(answer.text).map((data) => JSON.parse(data) as ResponseEvent),
    directive,
  );
  if (response !== undefined && response.store !== false && verdict.outcome === 'ok')
    vault.keep({ id: response.id, token, text: textOfResponse(response) }, era);
  return verdict;
}

/** Lets a response run in the background and waits for it. */
export async function respondInBackground(exchange: Exchange): Promise<Verdict> {
  const { directive, origin, token, vault, signal } = exchange;
  const era = vault.era();
  const begun = await call(responseCall(exchange, directive, { background: true }));
  if (begun.status !== 200) return failureOf(begun);
  const { id } = JSON.parse(begun.text) as ResponseObject;
  for (;;) {
    await sleep(300, undefined, { signal });
    const answer = await call({ origin, token, signal, path: `/v1/responses/${id}` });
    // This request asks the model nothing.
    if (answer.status !== 200) return { ...failureOf(answer), stepsBefore: 1 };
    const response = JSON.parse(answer.text) as ResponseObject;
    if (response.status === 'completed') {
      vault.keep({ id, token, text: textOfResponse(response) }, era);
      return judgeText(textOfResponse(response), directive);
    }
    if (response.status !== 'queued' && response.status !== 'in_progress')
      return judgePart(textOfResponse(response), directive, response.error?.code);
  }
}

/** Reads a response that was stored earlier. */
export async function readStored({ origin, random, signal, vault }: Exchange): Promise<Verdict> {
  const stored = vault.pick(random);
  if (stored === undefined) return { outcome: 'ok' };
  const era = vault.era();
  const { id, token } = stored;
  const answer = await call({ origin, token, signal, path: `/v1/responses/${id}` });
  // Everything was removed in the meantime.
  if (era !== vault.era()) return { outcome: 'ok' };
  if (answer.status === 404) return { outcome: 'lost', detail: id };
  if (answer.status !== 200) return failureOf(answer);
  const said = textOfResponse(JSON.parse(answer.text) as ResponseObject);
  return said === stored.text ? { outcome: 'ok' } : { outcome: 'wrong', detail: `${id} has ${said}` };
}

/** Tries to read what another caller has stored: for this one, it does not exist. */
export async function readForeign({ origin, random, signal, tokens, vault }: Exchange): Promise<Verdict> {
  const stored = vault.pick(random);
  const others = tokens.filter((token) => token !== stored?.token);
  if (stored === undefined || others.length === 0) return { outcome: 'ok' };
  const token = random.pick(others);
  const answer = await call({ origin, token, signal, path: `/v1/responses/${stored.id}` });
  if (answer.status === 404) return { outcome: 'ok' };
  if (answer.status !== 200) return failureOf(answer);
  return { outcome: 'wrong', detail: `${stored.id} is another one's` };
}

/** Returns the verdict about the events of a response, and the response itself. */
export function judgeEvents(
  events: readonly ResponseEvent[],
  directive: Directive,
): { readonly verdict: Verdict; readonly response: ResponseObject | undefined } {
  const ends = events.filter(({ type }) => /^response\.(?:completed|failed|incomplete)$/.test(type));
  const { response } = ends.at(-1) ?? {};
  const said = events
    .map(({ type, delta = '' }) => (type === 'response.output_text.delta' ? delta : ''))
    .join('');
  if (ends.length !== 1 || response === undefined || events.at(-1) !== ends[0])
    return { verdict: { outcome: 'wrong', detail: `${ends.length} ends` }, response };
  if (response.status === 'completed' && said !== textOfResponse(response))
    return { verdict: { outcome: 'wrong', detail: 'the pieces are not the whole' }, response };
  // The event says it more precisely than the response.
  const { code = response.error?.code } = events.find(({ type }) => type === 'error') ?? {};
  const isComplete = response.status === 'completed';
  const verdict = isComplete ? judgeText(said, directive) : judgePart(said, directive, code);
  return { verdict, response };
}

async function respond(
  exchange: Exchange,
  directive: Directive,
  fields: object,
): Promise<{ readonly verdict: Verdict; readonly response?: ResponseObject }> {
  const { vault, token } = exchange;
  const era = vault.era();
  const answer = await call(responseCall(exchange, directive, fields));
  if (answer.status !== 200) return { verdict: failureOf(answer) };
  const response = JSON.parse(answer.text) as ResponseObject;
  const said = textOfResponse(response);
  if (response.status !== 'completed') return { verdict: judgePart(said, directive, response.error?.code) };
  if (response.store !== false) vault.keep({ id: response.id, token, text: said }, era);
  return { verdict: judgeText(said, directive), response };
}

function responseCall({ origin, token, signal }: Exchange, directive: Directive, fields: object): Call {
  const body = { model: CHAOS_MODEL, input: writeDirective(directive), ...fields };
  return { origin, token, signal, path: '/v1/responses', body };
}
