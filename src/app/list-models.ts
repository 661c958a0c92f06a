import { z } from 'zod';
import type { Log } from '../base/log.ts';
import { SYSTEM_FOLDER } from '../codex/system-config.ts';
import { prepareCodex } from './codex-setup.ts';
import type { Environment, Settings } from './config.ts';
import { findGateway } from './find-gateway.ts';
import { startCodex } from './start-codex.ts';

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The ids of the models that are served: of the gateway that runs, where there is one, else of a Codex started for it. */
export async function listModels(settings: Settings, environment: Environment, log: Log): Promise<string[]> {
  const listener = await findGateway(settings);
  const list = listener.type === 'gateway' ? await listener.ask('/v1/models', listSchema) : undefined;
  if (list) return list.data.map(({ id }) => id);

  const codex = await prepareCodex(settings, environment);
  const { engine, gateway } = await startCodex({ codex, settings, systemFolder: SYSTEM_FOLDER, log });
  try {
    const models = await gateway.listModels(AbortSignal.timeout(settings.deadlines.start * 1000));
    return models.map(({ id }) => id);
  } finally {
    await engine.close();
  }
}
