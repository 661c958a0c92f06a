import type { SettingChange, SettingList } from '../contract/settings.ts';
import type { ConfigAsker } from '../models/console-models.ts';

/** The settings that are in force, and those of the config file. */
export interface ConsoleSettings {
  list(asker: ConfigAsker): Promise<SettingList>;
  /** Rejects with a `GatewayError` if the change is wrong, or cannot be written. */
  change(change: SettingChange, asker: ConfigAsker): Promise<SettingList>;
}
