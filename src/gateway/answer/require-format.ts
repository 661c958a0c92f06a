import type { Adjustment } from '../../conversation/turn-event.ts';
import { isJsonObject } from '../../base/json.ts';
import type { AnswerFormat, SchemaFormat, TurnRequest } from '../../conversation/turn-request.ts';
import type { MessageItem } from '../../conversation/item.ts';
import type { Turn } from '../../conversation/turn.ts';
import { NO_USAGE } from '../../conversation/usage.ts';
import { makeStrict, type StrictForm } from '../../schema/make-strict.ts';
import { askForJson, type JsonReading } from './ask-for-json.ts';
import { instruct, INSTRUCTIONS, instructSchema } from './instructions.ts';
import { parseModelJson, writePart } from './model-json.ts';
import type { Run } from './stage.ts';
import type { Check } from './verify-format.ts';

/** Reads the JSON that an answer's text has to be; resolves to the text that goes on. */
export type ReadFormat = (text: string, check: Check) => Promise<JsonReading<string>>;

/** A turn that asks for an answer in a format. */
export interface FormatPlan {
  readonly turn: Turn;
  readonly adjustments: readonly Adjustment[];
  /** Reads a text that is held back for this; undefined if the text streams, as with a schema that the provider enforces. */
  readonly readHeldText: ReadFormat | undefined;
}

const PATH = 'format';

export function planFormat(turn: Turn, format: AnswerFormat): FormatPlan {
  if (format.type === 'text') return { turn, adjustments: [], readHeldText: undefined };
  if (format.type === 'json-object') {
    return {
      turn: instructLast(turn, instruct(INSTRUCTIONS.object)),
      adjustments: [{ path: PATH, from: 'json_object', to: 'instructed' }],
      readHeldText: readObject,
    };
  }
  return planSchema(turn, format);
}

function planSchema(turn: Turn, format: SchemaFormat): FormatPlan {
  const { schema } = format;
  const form = makeStrict(schema);
  if (form === undefined) {
    return {
      turn: instructLast(turn, instructSchema(schema)),
      adjustments: [{ path: PATH, from: 'json_schema', to: 'instructed' }],
      readHeldText: async (text, check) =>
        await readSchema(text, format, { restore: (value) => value, check }),
    };
  }
  const { restore } = form;
  return {
    turn: { ...turn, outputSchema: form.schema },
    adjustments: [],
    readHeldText: form.changed
      ? async (text, check) => await readSchema(text, format, { restore, check })
      : undefined,
  };
}

/** Returns a turn with an instruction at its end, which does not make an agent of the user who has asked last. */
function instructLast(turn: Turn, instruction: MessageItem): Turn {
  const last = turn.items.at(-1);
  const isUsers = last?.type === 'message' && last.role === 'user';
  return { ...turn, items: [...turn.items, instruction], ...(isUsers && { initiator: 'user' }) };
}

/**
 * Plans the format of a request's answers. If a call is required, a text has the format only if the provider enforces it: the
 * gateway then reads calls, and not texts.
 */
export function planFormatOf({ turn, format, callRequired }: TurnRequest): FormatPlan {
  const plan = planFormat(turn, format);
  if (callRequired === undefined || plan.readHeldText === undefined) return plan;
  const from = format.type.replace('-', '_');
  return { turn, adjustments: [{ path: PATH, from, to: 'text' }], readHeldText: undefined };
}

/** Creates the stage that reads an answer as JSON, and asks the model to repair what cannot be read. */
export function requireFormat(read: ReadFormat, check: Check): (run: Run) => Run {
  return (run) =>
    async function* withFormat(turn) {
      const answer = yield* askForJson(run, {
        turn,
        path: PATH,
        isText: true,
        spent: NO_USAGE,
        read: async (text) => await read(text, check),
      });
      if (answer !== undefined) yield [{ type: 'text-delta', text: answer.value }, answer.end];
    };
}

async function readObject(text: string): Promise<JsonReading<string>> {
  const found = parseModelJson(text);
  if (found === undefined) return { problem: 'it is not valid JSON.' };
  const { value, text: json } = found;
  if (!isJsonObject(value)) return { problem: 'it is not a JSON object.' };
  return { value: json };
}

async function readSchema(
  text: string,
  { schema, path }: SchemaFormat,
  { restore, check }: { restore: StrictForm['restore']; check: Check },
): Promise<JsonReading<string>> {
  const found = parseModelJson(text);
  if (found === undefined) return { problem: 'it is not valid JSON.' };
  const value = restore(found.value);
  const problem = await check(schema, value, path);
  if (problem !== undefined) return { problem };
  return { value: value === found.value ? found.text : writePart(value, found.text) };
}
