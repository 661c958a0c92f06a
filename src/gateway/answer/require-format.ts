import type { Adjustment } from '../../conversation/adjustment.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { AnswerFormat, SchemaFormat } from '../../conversation/turn-request.ts';
import type { Turn } from '../../conversation/turn.ts';
import { NO_USAGE } from '../../conversation/usage.ts';
import { makeStrict, type StrictForm } from '../../schema/make-strict.ts';
import { askForJson, type Reading, type Run } from './ask-for-json.ts';
import { instruct, INSTRUCTIONS, instructSchema } from './instructions.ts';
import { readJson } from './read-json.ts';
import { writePart } from './write-part.ts';

/** How an answer is made to have the format that was asked for. */
export interface FormatPlan {
  readonly turn: Turn;
  readonly adjustments: readonly Adjustment[];
  /** What the answer's text becomes; undefined where the provider holds the model to its schema, and text may stream. */
  readonly read: ((text: string, check: Check) => Promise<Reading<string>>) | undefined;
}

/** What is wrong with a value; undefined for nothing. `path` is where the schema stands in the request. */
export type Check = (schema: JsonObject, value: unknown, path: string) => Promise<string | undefined>;

const PATH = 'format';

export function planFormat(turn: Turn, format: AnswerFormat): FormatPlan {
  if (format.type === 'text') return { turn, adjustments: [], read: undefined };
  if (format.type === 'json-object') {
    return {
      turn: { ...turn, items: [...turn.items, instruct(INSTRUCTIONS.object)] },
      adjustments: [{ path: PATH, from: 'json_object', to: 'instructed' }],
      read: readObject,
    };
  }
  return planSchema(turn, format);
}

function planSchema(turn: Turn, format: SchemaFormat): FormatPlan {
  const { schema } = format;
  const form = makeStrict(schema);
  if (form === undefined) {
    return {
      turn: { ...turn, items: [...turn.items, instructSchema(schema)] },
      adjustments: [{ path: PATH, from: 'json_schema', to: 'instructed' }],
      read: async (text, check) => await readSchema(text, format, { restore: (value) => value, check }),
    };
  }
  const { restore } = form;
  return {
    turn: { ...turn, outputSchema: form.schema },
    adjustments: [],
    read: form.changed
      ? async (text, check) => await readSchema(text, format, { restore, check })
      : undefined,
  };
}

/** Runs a turn whose answer has the planned format. */
export async function* requireFormat(
  run: Run,
  { turn, read }: FormatPlan,
  check: Check,
): AsyncGenerator<TurnEvent> {
  if (read === undefined) {
    yield* run(turn);
    return;
  }
  const answer = yield* askForJson(run, {
    turn,
    path: PATH,
    isText: true,
    spent: NO_USAGE,
    read: async (text) => await read(text, check),
  });
  if (answer === undefined) return;
  yield { type: 'text-delta', text: answer.value };
  yield answer.end;
}

async function readObject(text: string): Promise<Reading<string>> {
  const found = readJson(text);
  if (found === undefined) return { problem: 'it is not valid JSON.' };
  const { value, text: json } = found;
  if (!isJsonObject(value)) return { problem: 'it is not a JSON object.' };
  return { value: json };
}

async function readSchema(
  text: string,
  { schema, path }: SchemaFormat,
  { restore, check }: { restore: StrictForm['restore']; check: Check },
): Promise<Reading<string>> {
  const found = readJson(text);
  if (found === undefined) return { problem: 'it is not valid JSON.' };
  const value = restore(found.value);
  const problem = await check(schema, value, path);
  if (problem !== undefined) return { problem };
  return { value: value === found.value ? found.text : writePart(value, found.text) };
}
