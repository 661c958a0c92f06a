import type { ConsoleModelList, ModelChange } from '../contract/models.ts';

/** The one who asks for something of the config file. */
export interface ConfigAsker {
  /** True for the gateway's own token and browsers that it has signed in, which alone change the config file. */
  readonly isMain: boolean;
  readonly signal: AbortSignal;
}

/** The models that clients can ask for, and those of the config file. */
export interface ConsoleModels {
  list(asker: ConfigAsker): Promise<ConsoleModelList>;
  /** Rejects with a `GatewayError` if the change is wrong, or cannot be written. */
  change(change: ModelChange, asker: ConfigAsker): Promise<ConsoleModelList>;
}
