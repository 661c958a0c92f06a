import type { JsonObject } from '../base/json.ts';

/**
 * Names that the engine reserves: such tools are sent under another name, or in the provider's own format.
 */
export const RESERVED_NAMES = /^(exec_command|shell_command|mcp|mcp__.*)$/;

/** A function that the model may ask the caller to run. */
export interface Tool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of the arguments, which form an object. */
  readonly parameters: JsonObject;
  /** True if the caller accepts only arguments that match the schema exactly. */
  readonly strict: boolean;
  /** Path in the caller's request, such as `tools[0].function`. */
  readonly path: string;
}
