import { GatewayError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { SchemaChecker } from '../../conversation/ports/schema-checker.ts';
import type { TurnEnd } from '../../conversation/turn-event.ts';
import type { SchemaFormat } from '../../conversation/turn-request.ts';
import { parseModelJson } from './model-json.ts';
import type { Batch, EventStage } from './stage.ts';

/**
 * Resolves to the fault of a value, or to undefined if it follows the schema. `path` is the schema's path in the
 * request.
 */
export type Check = (schema: JsonObject, value: unknown, path: string) => Promise<string | undefined>;

/** Creates a check that names the request's schema in its errors. */
export function createCheck(schemas: SchemaChecker, signal: AbortSignal): Check {
  return async (schema, value, path) => {
    try {
      return await schemas.check(schema, value, signal);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      throw new GatewayError(error.code, error.message, { ...error.detail, param: path });
    }
  };
}

/**
 * Checks an answer that the provider should have held to a schema, while it goes out: not every provider does so. An answer
 * that does not follow the schema ends in an error, since it cannot be taken back.
 */
export function verifyFormat({ schema, path }: SchemaFormat, check: Check): EventStage {
  let text = '';
  let calls = 0;

  async function verify(batch: Batch): Promise<Batch> {
    const found = parseModelJson(text);
    const problem = found ? await check(schema, found.value, path) : 'it is not valid JSON.';
    if (problem !== undefined) throw disregarded(problem);
    return batch;
  }

  return (batch) => {
    for (const event of batch) {
      if (event.type === 'text-delta') text += event.text;
      else if (event.type === 'tool-call') calls += 1;
    }
    const last = batch.at(-1);
    return last?.type === 'turn-end' && isOwnEnd(last) && calls === 0 ? verify(batch) : batch;
  };
}

function isOwnEnd({ isComplete, reason }: TurnEnd): boolean {
  return isComplete && reason === 'stop';
}

function disregarded(problem: string): GatewayError {
  return new GatewayError(
    'invalid_answer',
    `The answer of the model provider does not follow the requested schema: ${problem}`,
    { logMessage: 'The answer of the model provider does not follow the requested schema.' },
  );
}
