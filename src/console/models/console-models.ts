import type { ConsoleModelList } from '../contract/models.ts';

/** The models that clients can ask for, and those of the config file. */
export interface ConsoleModels {
  list(signal: AbortSignal): Promise<ConsoleModelList>;
}
