import { expect } from 'vitest';
import { checkChoice, isObject, type Json } from './choice-checker.ts';
import { parseData, readEvents } from './read-events.ts';

/** Facts about a stream besides its text. */
export interface StreamFacts {
  /** `stream_options.include_usage` of the request; by default what the chunks look like. */
  readonly includeUsage?: boolean | undefined;
  /** The client or the connection ended it early, so that its end is not looked at. */
  readonly cut?: boolean;
}

/** Fails unless the text is one whole, good answer of `POST /v1/chat/completions` with `stream: true`. */
export function expectGoodStream(text: string, facts: StreamFacts = {}): void {
  expect(checkStream(text, facts)).toEqual([]);
}

/** The rules that the server-sent events of one streamed chat completion break; clients fail by each of them. */
export function checkStream(text: string, { includeUsage, cut = false }: StreamFacts = {}): string[] {
  const { events, violations } = readEvents(text, cut);
  const data = events.map((event) => event.data);
  const done = data.indexOf('[DONE]');
  const frames = data.filter((one) => one !== '[DONE]').map(parseData);
  const chunks = frames.filter((frame) => isObject(frame) && !('error' in frame)) as Json[];
  const failed = frames.some((frame) => isObject(frame) && 'error' in frame);
  const ended = !failed && (!cut || done !== -1);
  return [
    ...violations,
    ...frames.filter((frame) => !isObject(frame)).map(() => 'a data event is not a JSON object'),
    ...(done !== -1 && done < data.length - 1 ? ['goes on after [DONE]'] : []),
    ...(ended && done === -1 ? ['no [DONE]'] : []),
    ...checkError(frames, done !== -1),
    ...checkEnvelopes(chunks),
    ...checkUsage(chunks, includeUsage ?? chunks.some((chunk) => 'usage' in chunk), ended),
    ...checkChoices(chunks, ended),
  ];
}

function checkError(frames: readonly unknown[], done: boolean): string[] {
  const place = frames.findIndex((frame) => isObject(frame) && 'error' in frame);
  if (place === -1) return [];
  const { error } = frames[place] as Json;
  const whole = isObject(error) && typeof error.message === 'string' && typeof error.type === 'string';
  return [
    ...(whole && 'param' in error && 'code' in error ? [] : ['an error is not whole']),
    ...(place === frames.length - 1 ? [] : ['goes on after an error']),
    ...(done ? ['[DONE] after an error'] : []),
  ];
}

const IS_RIGHT: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && value !== '',
  object: (value) => value === 'chat.completion.chunk',
  created: Number.isInteger,
  model: (value) => typeof value === 'string' && value !== '',
  choices: (value) => Array.isArray(value) && value.every(isObject),
};

function checkEnvelopes(chunks: readonly Json[]): string[] {
  const wrong = Object.entries(IS_RIGHT)
    .filter(([key, isRight]) => !chunks.every((chunk) => isRight(chunk[key])))
    .map(([key]) => `a chunk has no right ${key}`);
  const changing = ['id', 'created', 'model']
    .filter((key) => new Set(chunks.map((chunk) => chunk[key])).size > 1)
    .map((key) => `${key} changes`);
  return [...wrong, ...changing];
}

const COUNTS = ['prompt_tokens', 'completion_tokens', 'total_tokens'];

function checkUsage(chunks: readonly Json[], asked: boolean, ended: boolean): string[] {
  if (!asked) return chunks.some((chunk) => 'usage' in chunk) ? ['usage that was not asked for'] : [];
  const counted = chunks.filter(({ usage }) => usage !== null && usage !== undefined);
  const place = chunks.indexOf(counted[0]!);
  return [
    ...(chunks.every((chunk) => 'usage' in chunk) ? [] : ['a chunk has no usage key']),
    ...(ended && counted.length === 0 ? ['no usage'] : []),
    ...(counted.every(({ usage }) => isWhole(usage)) ? [] : ['a count is missing in the usage']),
    ...(counted.every((chunk) => choicesOf(chunk).length === 0) ? [] : ['usage beside a choice']),
    ...(place === -1 || place === chunks.length - 1 ? [] : ['goes on after the usage']),
  ];
}

function isWhole(usage: unknown): boolean {
  return isObject(usage) && COUNTS.every((key) => Number.isInteger(usage[key]));
}

function choicesOf({ choices }: Json): Json[] {
  return Array.isArray(choices) ? choices.filter(isObject) : [];
}

function checkChoices(chunks: readonly Json[], ended: boolean): string[] {
  const byIndex = Map.groupBy(chunks.flatMap(choicesOf), ({ index }) => index);
  const indexes = [...byIndex.keys()];
  const bare = chunks.filter((chunk) => choicesOf(chunk).length === 0 && !isObject(chunk.usage));
  return [
    ...bare.map(() => 'a chunk has neither choices nor usage'),
    ...(ended && indexes.length === 0 ? ['no choice'] : []),
    ...(indexes.every((index) => Number.isInteger(index) && Number(index) < indexes.length)
      ? []
      : ['the indexes of choices do not count from 0']),
    ...[...byIndex].flatMap(([index, choice]) =>
      checkChoice(choice, ended).map((violation) => `choice ${String(index)}: ${violation}`),
    ),
  ];
}
