import { createHash, randomBytes } from 'node:crypto';

/** A call that changes something, as far as the answer of a person belongs to it. */
export interface QuestionedCall {
  /** Id of the key by which it came. */
  readonly caller: string;
  readonly tool: string;
  readonly arguments: unknown;
}

/**
 * Questions that were sent to clients of the protocol of 2026-07-28, which answer with another request. An answer counts
 * once, and only for the call that was asked about: nothing that a client sends beside it is believed.
 */
export interface OpenQuestions {
  /** Returns the state that has to come back with the answer; nobody can guess it. */
  open(call: QuestionedCall): string;
  /** Returns true if the state belongs to an open question about the call, which is closed by that. */
  take(state: unknown, call: QuestionedCall): boolean;
}

interface Question {
  readonly caller: string;
  readonly digest: string;
  readonly until: number;
}

const LIFE_MS = 10 * 60_000;

/** Maximum number of questions of one key, and of all; the oldest is forgotten, and asked again. */
const MAX_OF_CALLER = 50;
const MAX_OPEN = 1_000;

export function createOpenQuestions(now: () => number = Date.now): OpenQuestions {
  const questions = new Map<string, Question>();

  function makeRoom(caller: string): void {
    for (const [state, { until }] of questions) if (until <= now()) questions.delete(state);
    const own = [...questions].filter(([, question]) => question.caller === caller);
    if (own.length >= MAX_OF_CALLER) questions.delete(own[0]![0]);
    const [oldest] = questions.keys();
    if (questions.size >= MAX_OPEN && oldest !== undefined) questions.delete(oldest);
  }

  return {
    open(call) {
      makeRoom(call.caller);
      const state = randomBytes(24).toString('base64url');
      questions.set(state, { caller: call.caller, digest: digestCall(call), until: now() + LIFE_MS });
      return state;
    },
    take(state, call) {
      if (typeof state !== 'string') return false;
      const question = questions.get(state);
      if (question?.caller !== call.caller) return false;
      questions.delete(state);
      return question.until > now() && question.digest === digestCall(call);
    },
  };
}

function digestCall({ caller, tool, arguments: given }: QuestionedCall): string {
  const text = JSON.stringify([caller, tool, given], (_key, value: unknown) => sortKeys(value));
  return createHash('sha256').update(text).digest('hex');
}

/** Returns a value in which the order of keys says nothing. */
function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
