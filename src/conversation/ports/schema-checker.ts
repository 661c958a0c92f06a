import type { JsonObject } from '../../base/json.ts';

/** The port behind which values are held against the schemas of callers, which may be made to cost without end. */
export interface SchemaChecker {
  /**
   * Resolves to what is wrong with the value, in a sentence for a model, or to undefined. Rejects with an
   * `invalid_schema` where no value can be checked, or not in time, or with the signal's reason.
   */
  check(schema: JsonObject, value: unknown, signal: AbortSignal): Promise<string | undefined>;
}
