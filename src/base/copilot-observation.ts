/** Work with GitHub Copilot. */
export type CopilotObservation =
  /** A new token could not be written to the token file. */
  | { readonly type: 'copilot-token-unsaved'; readonly problem: string }
  /** Copilot answered 429, and the request waits for another attempt. */
  | { readonly type: 'copilot-rate-limited'; readonly waitMs: number; readonly attempt: number }
  /** Parts were taken out of the body of a request to GitHub Copilot. */
  | { readonly type: 'copilot-body-changed'; readonly removed: readonly string[] }
  /** Copilot's list of models could not be read again, and the earlier one is used. */
  | { readonly type: 'copilot-models-kept'; readonly problem: string }
  /** The file of diagnostics cannot be written; reported once. */
  | { readonly type: 'copilot-diagnostics-lost'; readonly problem: string }
  /** Codex's own list of models, whose prompts are part of Copilot's list, could not be read. */
  | { readonly type: 'codex-models-unread'; readonly problem: string };
