import { z } from 'zod';
import { StartupError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { SYSTEM_FOLDER } from '../codex/system-config.ts';
import { prepareCodex } from './codex-setup.ts';
import type { Environment, Settings } from './config.ts';
import { findGateway } from './find-gateway.ts';
import { startCodex } from './start-codex.ts';

export interface ListModelsOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The ids of the models that are served: of the gateway that runs, where there is one, else of a Codex started for it. */
export async function listModels(options: ListModelsOptions): Promise<string[]> {
  const { settings, environment, log, signal } = options;
  const running = await findGateway(settings, signal);
  if (running) {
    const list = await running.ask('/v1/models', listSchema);
    if (list) return list.data.map(({ id }) => id);
    throw new StartupError(
      'The gateway that runs takes another token; give it with --token, or another --port.',
    );
  }
  const codex = await prepareCodex({ settings, environment, systemFolder: SYSTEM_FOLDER });
  const { gateway, close } = await startCodex({ codex, settings, log, signal });
  try {
    return (await gateway.listModels(signal)).map(({ id }) => id);
  } finally {
    await close();
  }
}
