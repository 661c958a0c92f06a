import type { JsonObject } from '../../../base/json.ts';

/** How a response is written, beside what it says. */
export interface ResponseStyle {
  /**
   * The fields of the response object that repeat its request (`instructions`, `tools`, `metadata`, …), each with the value
   * that holds where the request says nothing. What is only known of the answer (`service_tier`, `reasoning.effort`) is
   * not true yet.
   */
  readonly echo: JsonObject;
  /** `include`: what is told beside the usual, such as `reasoning.encrypted_content`. */
  readonly include: ReadonlySet<string>;
  /** Names of functions that were offered as custom tools, and whose calls are told as such. */
  readonly customTools: ReadonlySet<string>;
  readonly background: boolean;
}
