import { z } from 'zod';

/** The config file, as far as the console changes it. */
export const configFileStateSchema = z.object({
  path: z.string(),
  /** Goes back with a change, which is refused if the file has changed since. */
  version: z.string(),
  exists: z.boolean(),
  /** A sentence that says why it cannot be changed; null if it can. */
  problem: z.string().nullable(),
  /** The command that restarts the gateway; null for one that runs on a terminal. */
  restart: z.string().nullable(),
});

export type ConfigFileState = z.output<typeof configFileStateSchema>;
