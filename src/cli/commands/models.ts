import type { Environment, Flags } from '../../app/config.ts';
import { findTarget } from '../../app/find-target.ts';
import { listModels } from '../../app/list-models.ts';
import { createLog } from '../../app/log-sink.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

/** Prints the ids of the models that are served, one a line. */
export async function models(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const { settings } = await findTarget(flags, environment);
  const log = createLog(settings);
  const ids = await untilStopped('Stopped.', (signal) => listModels({ settings, environment, log, signal }));
  terminal.print(ids.join('\n'));
}
