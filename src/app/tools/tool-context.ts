import type { Environment } from '../config/config.ts';
import type { ToolSettings } from '../config/tool-settings.ts';

/** The surroundings in which a tool is opened. */
export interface ToolContext {
  readonly settings: ToolSettings;
  /** Folder of the config file, from which relative paths in `tools` begin. */
  readonly configFolder: string;
  /** Undefined if nothing outlives the process. */
  readonly stateDirectory: string | undefined;
  /** The gateway's own files and folders with secrets, which no tool reads. */
  readonly hidden: readonly string[];
  readonly environment: Environment;
  /** Registers what has to be closed with the tools. */
  onClose(close: () => Promise<void>): void;
}
