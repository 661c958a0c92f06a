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

/** Path of the arguments in an answer that follows a `CallSchema`. */
export const ARGUMENTS_PATH: JsonPath = ['call', 'arguments'];

/** Describes a function call as a JSON answer: `{"call": {"name": …, "arguments": {…}}}`. */
export interface CallSchema {
  readonly schema: JsonObject;
  /** True if the schema fits strict structured outputs; otherwise it can only be shown to the model. */
  readonly strict: boolean;
  /** Returns the call in an answer; undefined if it does not call a known function. */
  readonly restore: (value: unknown) => FunctionCall | undefined;
}

/**
 * Creates the schema of a call to one of the functions. At least one is needed, and their names must differ.
 */
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
    // Function names contain no dot, so names of definitions cannot collide.
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
