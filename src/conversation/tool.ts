import type { JsonObject } from '../base/json.ts';

/** Names that the engine keeps for itself: a tool goes up under another one, or in the provider's own form. */
export const RESERVED_NAMES = /^(exec_command|shell_command|mcp|mcp__.*)$/;

/** A function that the model may ask the caller to run. */
export interface Tool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of its arguments, an object's. */
  readonly parameters: JsonObject;
  /** Whether arguments that do not follow the schema to the letter are worth nothing to the caller. */
  readonly strict: boolean;
  /** Where it stands in the caller's request, such as `tools[0].function`. */
  readonly path: string;
}
