import type { AppParts } from '../app-parts.ts';
import type { createStatus } from '../codex/status.ts';
import type { ComposeOptions } from '../compose-options.ts';

/** Everything that the console shows and changes. */
export interface ConsoleParts {
  readonly parts: AppParts;
  readonly options: ComposeOptions;
  /** Returns the state of the moment, as `GET /status` has it. */
  status: ReturnType<typeof createStatus>;
}
