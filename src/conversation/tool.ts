import type { JsonObject } from '../base/json.ts';

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
