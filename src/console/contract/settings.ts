import { z } from 'zod';
import { configFileStateSchema } from './config-file.ts';

/** A setting of the config file, with the value that is in force. */
const shownSettingSchema = z.object({
  /** The keys that lead to it, as in `deadlines.turn`. */
  key: z.string(),
  /** Heading under which it is shown. */
  group: z.string(),
  /** A sentence or two about it; names and values are in backticks. */
  meaning: z.string(),
  kind: z.enum(['text', 'number', 'switch', 'choice', 'list', 'json']),
  /** The values of a `choice`. */
  choices: z.array(z.string()),
  /** The value in force; null if there is none, or if it is a secret. */
  value: z.unknown(),
  is_set: z.boolean(),
  is_secret: z.boolean(),
  source: z.enum(['flag', 'environment', 'file', 'default']),
  /** The option or variable that it is from. */
  source_name: z.string().nullable(),
  /** The value without any other; null if there is none. */
  default: z.unknown(),
  /** The default in words, with names and values in backticks. */
  default_text: z.string(),
  is_in_file: z.boolean(),
  /** The value in the config file as it is now; null if it has none, or if it is a secret. */
  file_value: z.unknown(),
  /** True if the file has another value than at the start, which holds after a restart. */
  needs_restart: z.boolean(),
  /** A sentence that says why it is not changed here; null if it can be. */
  lock: z.string().nullable(),
});

/** Answer of `GET /console/settings`. */
export const settingListSchema = z.object({
  settings: z.array(shownSettingSchema),
  /** Files and folders, with the option or variable that each is from; null for the usual place. */
  places: z.array(z.object({ name: z.string(), path: z.string(), source_name: z.string().nullable() })),
  file: configFileStateSchema,
});

/** Body of `POST /console/settings`. */
export const settingChangeSchema = z.strictObject({
  /** Version of the config file. */
  version: z.string(),
  key: z.string(),
  /** Null takes the setting out of the file. */
  value: z.json(),
});

export type ShownSetting = z.output<typeof shownSettingSchema>;

export type SettingList = z.output<typeof settingListSchema>;

export type SettingChange = z.output<typeof settingChangeSchema>;
