import { GatewayError } from '../../base/errors.ts';
import type { MessageItem } from '../../conversation/item.ts';
import type { TurnEnd, TurnEvent } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import { sumUsage, type Usage } from '../../conversation/usage.ts';
import { holdAnswer, release, type HeldAnswer } from './hold-answer.ts';
import { instructRepair } from './instructions.ts';

/** Runs a turn; what its conversation holds beyond the request's stands at its end. */
export type Run = (turn: Turn) => AsyncGenerator<TurnEvent>;

/** What a text turned out to be, or what is wrong with it, in words for the model. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

export interface JsonQuestion<T> {
  readonly turn: Turn;
  /** What the request calls it, for the notice that words were added. */
  readonly path: string;
  /** Whether the JSON is the answer's text: then the beginning of one that was cut is worth something, too. */
  readonly isText: boolean;
  /** What was spent on the answer before. */
  readonly spent: Usage | null;
  read(text: string): Promise<Reading<T>>;
}

export interface JsonAnswer<T> {
  readonly value: T;
  readonly end: TurnEnd;
}

/**
 * Asks until the answer can be read, twice at most; then it is a 502. Returns undefined for an answer that ended in
 * another way (a call, a refusal, a cut), which has been passed on as it came.
 */
export async function* askForJson<T>(
  run: Run,
  question: JsonQuestion<T>,
): AsyncGenerator<TurnEvent, JsonAnswer<T> | undefined> {
  const { turn, path, isText, read } = question;
  const first = yield* holdAnswer(run(turn));
  const usage = sumUsage(question.spent, first.end.usage);
  if (!hasEnded(first)) return yield* passOn(isText ? first : withoutText(first), usage);
  const reading = await read(first.text);
  if ('value' in reading) return { value: reading.value, end: { ...first.end, usage } };

  yield { type: 'adjustment', adjustment: { path, from: 'answer', to: 'repaired' } };
  const repair = [...said(first.text), instructRepair(reading.problem)];
  const second = yield* holdAnswer(run({ ...turn, items: [...turn.items, ...repair] }));
  const total = sumUsage(usage, second.end.usage);
  if (!hasEnded(second)) return yield* passOn(isText ? second : withoutText(second), total);
  const last = await read(second.text);
  if ('value' in last) return { value: last.value, end: { ...second.end, usage: total } };
  throw new GatewayError('invalid_answer', `${TWICE_WRONG}: ${describeProblem(last.problem)}`, {
    logMessage: `${TWICE_WRONG}.`,
  });
}

const TWICE_WRONG = 'The model twice gave an answer that is not the JSON asked for';

/** Words for the client, from those for the model, which say what is wrong with "it". */
function describeProblem(problem: string): string {
  const [, state] = /^it (is .*)$/s.exec(problem) ?? [];
  const words = state === undefined ? `in the second, ${problem}` : `the second ${state}`;
  return words.endsWith('.') ? words : `${words}.`;
}

/** Whether the model has said all it wanted to, and nothing but text. */
export function hasEnded({ calls, end }: HeldAnswer): boolean {
  return calls.length === 0 && end.reason === 'stop' && end.isComplete;
}

export function* passOn(held: HeldAnswer, usage: Usage | null): Generator<TurnEvent, undefined> {
  yield* release({ ...held, end: { ...held.end, usage } });
}

function withoutText(held: HeldAnswer): HeldAnswer {
  return { ...held, text: '', citations: [] };
}

function said(text: string): MessageItem[] {
  if (text === '') return [];
  return [{ type: 'message', role: 'assistant', parts: [{ type: 'text', text }], path: 'instructions' }];
}
