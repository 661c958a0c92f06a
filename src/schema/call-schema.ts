import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { hoistDefinitions, type Hoisted } from './hoist.ts';
import { makeStrict } from './make-strict.ts';

export interface CallableFunction {
  readonly name: string;
  readonly description: string | undefined;
  /** A checked schema of objects. */
  readonly parameters: JsonObject;
}

interface FunctionCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** Where the arguments stand in an answer that `CallSchema` asks for. */
export const ARGUMENTS_PATH: JsonPath = ['call', 'arguments'];

/** How a model says, as an answer in JSON, which function it calls: `{"call": {"name": …, "arguments": {…}}}`. */
export interface CallSchema {
  readonly schema: JsonObject;
  /** Whether the schema is one for strict structured outputs; else it is for telling the model. */
  readonly strict: boolean;
  /** The call of an answer; undefined where it is none of a known function. */
  readonly restore: (value: unknown) => FunctionCall | undefined;
}

/** The schema of a call of one of the functions: of at least one, each with its own name. */
export function createCallSchema(functions: readonly CallableFunction[]): CallSchema {
  const names = new Set(functions.map(({ name }) => name));
  const given = describeCall(functions);
  const strict = makeStrict(given);
  return {
    schema: strict?.schema ?? given,
    strict: strict !== undefined,
    restore: (value) => readCall(strict ? strict.restore(value) : value, names),
  };
}

function describeCall(functions: readonly CallableFunction[]): JsonObject {
  const parts = functions.map((callable) => ({
    callable,
    // A name of a function has no dot, so no two functions share the name of a definition.
    parameters: hoistDefinitions(callable.parameters, `${callable.name}.`),
  }));
  const calls = parts.map(({ callable, parameters }) => describeFunction(callable, parameters.schema));
  const definitions = parts.flatMap(({ parameters }) => definitionsOf(parameters));
  return {
    ...objectOf({ call: calls.length === 1 ? calls[0] : { anyOf: calls } }),
    ...(definitions.length > 0 && { $defs: Object.fromEntries(definitions) }),
  };
}

function describeFunction({ name, description }: CallableFunction, parameters: JsonObject): JsonObject {
  return {
    ...(description !== undefined && { description }),
    ...objectOf({ name: { type: 'string', enum: [name] }, arguments: parameters }),
  };
}

function objectOf(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function definitionsOf({ definitions }: Hoisted): [string, unknown][] {
  return [...definitions];
}

function readCall(value: unknown, names: ReadonlySet<string>): FunctionCall | undefined {
  const call = isJsonObject(value) ? value.call : undefined;
  if (!isJsonObject(call) || typeof call.name !== 'string' || !isJsonObject(call.arguments)) return undefined;
  return names.has(call.name) ? { name: call.name, arguments: call.arguments } : undefined;
}
