import type { JsonObject } from '../../base/json.ts';

/** Checks values against callers' schemas, although a hostile schema could take forever. */
export interface SchemaChecker {
  /**
   * Resolves to the fault of a value, as a sentence for a model, or to undefined. Rejects with
   * `invalid_schema` if the schema cannot be used or takes too long, or with the signal's reason.
   */
  check(schema: JsonObject, value: unknown, signal: AbortSignal): Promise<string | undefined>;
}
