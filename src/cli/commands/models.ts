import { readSettings, type Environment, type Flags } from '../../app/config.ts';
import { listModels } from '../../app/list-models.ts';
import { createLog } from '../../app/log-sink.ts';
import type { Terminal } from '../terminal.ts';

/** Prints the ids of the models that are served, one a line. */
export async function models(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const settings = await readSettings(flags, environment);
  const ids = await listModels(settings, environment, createLog(settings.logLevel));
  terminal.print(ids.join('\n'));
}
