import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { Terminal } from '../../terminal.ts';
import type { Screen } from './screen.ts';

export interface Person {
  readonly terminal: Pick<Terminal, 'ask'>;
  readonly screen: Screen;
}

const DECISIONS: Readonly<Record<string, string>> = {
  y: 'allow',
  yes: 'allow',
  n: 'deny',
  no: 'deny',
  a: 'allow_session',
  always: 'allow_session',
  s: 'cancel',
  stop: 'cancel',
};

/**
 * Asks the person at the terminal about a request that has been shown, and resolves to the answer for the gateway. The end of the
 * input declines.
 */
export async function askPerson(
  approval: JsonObject,
  person: Person,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (approval.kind === 'question') return await askQuestions(approval, person, signal);
  const { terminal, screen } = person;
  const leaves = approval.unsandboxed === true;
  if (leaves) screen.note('It would leave the sandbox, so it is allowed for this time only.');
  const isOnce = leaves || approval.once === true;
  while (true) {
    const answer = await terminal.ask(isOnce ? 'y / n / stop? ' : 'y / n / always / stop? ', signal);
    if (answer === undefined) return { decision: 'deny' };
    const decision = DECISIONS[answer.trim().toLowerCase()];
    if (decision !== undefined && !(isOnce && decision === 'allow_session')) return { decision };
  }
}

async function askQuestions(
  { payload }: JsonObject,
  { terminal, screen }: Person,
  signal: AbortSignal,
): Promise<JsonObject> {
  const questions = isJsonObject(payload) && Array.isArray(payload.questions) ? payload.questions : [];
  const answers: Record<string, readonly string[]> = {};
  for (const question of questions.filter(isJsonObject)) {
    const options = (Array.isArray(question.options) ? question.options : []).filter(isJsonObject);
    screen.note(
      [
        String(question.question),
        ...options.map(({ label, description }, index) =>
          [`${index + 1}. ${String(label)}`, description].filter(Boolean).join(': '),
        ),
      ].join('\n'),
    );
    const answer = await terminal.ask(options.length > 0 ? 'Number or answer: ' : 'Answer: ', signal);
    if (answer === undefined) return { decision: 'deny' };
    const chosen = options[Number(answer.trim()) - 1]?.label;
    answers[String(question.id)] = [typeof chosen === 'string' ? chosen : answer.trim()];
  }
  return { decision: 'allow', answers };
}
