import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from './choice-checker.ts';
import { parseData, readEvents } from './read-events.ts';
import { checkStatus } from './response-checker.ts';
import { createItemTracker } from './response-item-tracker.ts';
import type { WireChecker } from './wire-checker.ts';

/** Facts about a stream besides its events. */
export interface ResponseStreamFacts {
  /** The client or the connection ended it early, so that its end is not looked at. */
  readonly cut?: boolean;
  /** `starting_after` of the request: what came until then was read before. */
  readonly startingAfter?: number | undefined;
}

/** The rules that the server-sent events of one streamed response break; clients fail by each of them. */
export function checkResponseStream(
  text: string,
  checkWire: WireChecker,
  facts: ResponseStreamFacts = {},
): string[] {
  const { events, violations } = readEvents(text, facts.cut ?? false);
  const parsed = events.map(({ data }) => parseData(data));
  const misnamed = events.filter(({ event }, index) => {
    const data = parsed[index];
    return isObject(data) && data.type !== event;
  });
  return [
    ...violations,
    ...misnamed.map(({ event }) => `an event is called ${String(event)} and has another type`),
    ...checkResponseEvents(parsed, checkWire, facts),
  ];
}

/** The rules that the events of one response break. */
export function checkResponseEvents(
  events: readonly unknown[],
  checkWire: WireChecker,
  { cut = false, startingAfter }: ResponseStreamFacts = {},
): string[] {
  const wrong = events.flatMap((event) => checkWire('event', event));
  if (wrong.length > 0) return [...new Set(wrong)];
  const known = events as readonly Json[];
  const first = startingAfter === undefined ? 0 : startingAfter + 1;
  return [
    ...(known.every((event, index) => event.sequence_number === first + index)
      ? []
      : [`the sequence numbers do not count from ${first}`]),
    ...checkEnd(known, cut),
    ...checkResponses(known),
    ...(startingAfter === undefined ? [...checkBeginning(known, cut), ...checkItems(known)] : []),
  ];
}

/** The statuses that a response can have in an event of a type. */
const STATUSES: Readonly<Record<string, readonly unknown[]>> = {
  'response.created': ['in_progress', 'queued'],
  'response.queued': ['queued'],
  'response.in_progress': ['in_progress'],
  'response.completed': ['completed'],
  'response.incomplete': ['incomplete', 'cancelled'],
  'response.failed': ['failed'],
};
const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

const typeOf = ({ type }: Json) => String(type);
const isEnd = (event: Json) => ENDS.includes(typeOf(event));

function checkBeginning(events: readonly Json[], cut: boolean): string[] {
  const [first, second] = events;
  if (first === undefined) return cut ? [] : ['no event'];
  if (first.type !== 'response.created') return ['does not begin with response.created'];
  if (second === undefined) return [];
  const { status } = first.response as Json;
  return second.type === `response.${String(status)}`
    ? []
    : ['response.created is not followed by its status'];
}

function checkEnd(events: readonly Json[], cut: boolean): string[] {
  const place = events.findIndex(isEnd);
  const error = events.findIndex(({ type }) => type === 'error');
  const failure = events.findIndex(({ type }) => type === 'response.failed');
  return [
    ...(place === -1 && !cut ? ['no terminal event'] : []),
    ...(place === -1 || place === events.length - 1 ? [] : ['goes on after its terminal event']),
    ...(failure !== -1 && error !== failure - 1 ? ['response.failed without an error right before it'] : []),
    ...(failure === -1 && error !== -1 && !cut ? ['an error without response.failed'] : []),
    ...(error === -1 ? [] : checkError(events[error]!)),
  ];
}

function checkError({ code, message, param, error }: Json): string[] {
  const { type, ...fields } = error as Json;
  const isWhole = typeof type === 'string' && isDeepStrictEqual(fields, { code, message, param });
  return isWhole ? [] : ['the error in an error event is not that of its fields'];
}

function checkResponses(events: readonly Json[]): string[] {
  const lifecycle = events.filter(({ response }) => isObject(response));
  const responses = lifecycle.map(({ response }) => response as Json);
  return [
    ...lifecycle.flatMap(({ type, response }) =>
      STATUSES[String(type)]!.includes((response as Json).status)
        ? checkStatus(response as Json).map((violation) => `${String(type)}: ${violation}`)
        : [`the status of ${String(type)} is ${String((response as Json).status)}`],
    ),
    ...['id', 'created_at', 'model', 'instructions', 'metadata', 'tools', 'background']
      .filter((key) => !responses.every((response) => isDeepStrictEqual(response[key], responses[0]![key])))
      .map((key) => `${key} changes`),
    // Only the end can tell that the response could not be stored.
    ...responses
      .filter(
        ({ store }, place) =>
          store !== responses[0]!.store && (place < responses.length - 1 || store !== false),
      )
      .map(() => 'store changes'),
  ];
}

function checkItems(events: readonly Json[]): string[] {
  const tracker = createItemTracker();
  for (const event of events) tracker.add(event);
  const end = events.find(isEnd);
  return end === undefined ? tracker.violations : [...tracker.violations, ...tracker.compare(end)];
}
