import { GatewayError } from '../../base/errors.ts';
import { createTextMessage, type MessageItem } from '../../conversation/item.ts';
import type { TurnEnd } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import { sumUsage, type Usage } from '../../conversation/usage.ts';
import { holdAnswer, isCompleteText, releaseAnswer } from './hold-answer.ts';
import { instructRepair } from './instructions.ts';
import type { Batch, Run } from './stage.ts';

/** The value in a text, or what is wrong with the text, in words for the model. */
export type JsonReading<T> = { readonly value: T } | { readonly problem: string };

export interface JsonQuestion<T> {
  readonly turn: Turn;
  /** Name of the feature in the request, for the notice of a repair. */
  readonly path: string;
  /** True if the JSON is the answer's text; then even its beginning is worth something when it is cut. */
  readonly isText: boolean;
  /** Tokens spent on the previous answer; null if unknown. */
  readonly spent: Usage | null;
  read(text: string): Promise<JsonReading<T>>;
}

export interface JsonAnswer<T> {
  readonly value: T;
  readonly end: TurnEnd;
}

/** An answer to a question: its value, or what is wrong with its text. */
type Attempt<T> =
  | JsonAnswer<T>
  | { readonly text: string; readonly problem: string; readonly usage: Usage | null };

/**
 * Asks for JSON, and once more for a repair if it cannot be read; throws if it still cannot. Returns undefined for an answer
 * that ended in another way (a call, a refusal, a cut), which has been passed on as it came.
 */
export async function* askForJson<T>(
  run: Run,
  question: JsonQuestion<T>,
): AsyncGenerator<Batch, JsonAnswer<T> | undefined> {
  const first = yield* attempt(run, question);
  if (first === undefined || 'value' in first) return first;

  yield [{ type: 'adjustment', adjustment: { path: question.path, from: 'answer', to: 'repaired' } }];
  const { turn } = question;
  const items = [...turn.items, ...repeatAnswer(first.text), instructRepair(first.problem)];
  const second = yield* attempt(run, {
    ...question,
    turn: { ...turn, items, initiator: 'agent' },
    spent: first.usage,
  });
  if (second === undefined || 'value' in second) return second;
  throw new GatewayError('invalid_answer', `${TWICE_WRONG}: ${describeProblem(second.problem)}`, {
    logMessage: `${TWICE_WRONG}.`,
  });
}

/** Asks once; returns undefined for an answer that was passed on as it came. */
async function* attempt<T>(
  run: Run,
  { turn, isText, spent, read }: JsonQuestion<T>,
): AsyncGenerator<Batch, Attempt<T> | undefined> {
  const held = yield* holdAnswer(run(turn));
  const usage = sumUsage(spent, held.end.usage);
  const end = { ...held.end, usage };
  if (!isCompleteText(held)) {
    yield releaseAnswer({ ...held, ...(!isText && { text: '', citations: [] }), end });
    return undefined;
  }
  const reading = await read(held.text);
  return 'value' in reading
    ? { value: reading.value, end }
    : { text: held.text, problem: reading.problem, usage };
}

const TWICE_WRONG = 'The model twice gave an answer that is not the JSON asked for';

/** Turns words for the model, which say what is wrong with "it", into words for the client. */
function describeProblem(problem: string): string {
  const [, state] = /^it (is .*)$/s.exec(problem) ?? [];
  const words = state === undefined ? `in the second, ${problem}` : `the second ${state}`;
  return words.endsWith('.') ? words : `${words}.`;
}

function repeatAnswer(text: string): MessageItem[] {
  return text === '' ? [] : [createTextMessage('assistant', text, 'instructions')];
}
