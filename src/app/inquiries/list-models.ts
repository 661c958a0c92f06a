import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import type { Model } from '../../conversation/model.ts';
import { encodeModel } from '../../openai/models/encode.ts';
import { prepareCodex } from '../codex/codex-setup.ts';
import type { Environment, Settings } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import { startCodex } from '../codex/start-codex.ts';

export interface ListModelsOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** As much of it as is read here; the rest is handed on. */
const modelSchema = z.looseObject({
  id: z.string(),
  context_length: z.number().nullish(),
  reasoning_efforts: z.array(z.string()).default([]),
  default_reasoning_effort: z.string().nullish(),
  is_default: z.boolean().default(false),
  hidden: z.boolean().default(false),
  alias_of: z.string().optional(),
});

export const listSchema = z.object({ data: z.array(modelSchema) });

export type ListedModel = z.output<typeof modelSchema>;

/** Returns a model as `GET /v1/models` does. */
export function showModel(model: Model): ListedModel {
  return modelSchema.parse(encodeModel(model));
}

/** Returns every model that can be asked for: of the gateway that runs, or else of a Codex that is started for it. */
export async function listModels(options: ListModelsOptions): Promise<ListedModel[]> {
  const { settings, environment, log, signal } = options;
  const running = await findGateway(settings, signal);
  if (running) {
    const list = await running.ask('/v1/models?hidden=true', listSchema);
    if (list) return list.data;
    throw new StartupError(
      'The gateway that runs takes another token; give it with --token, or another --port.',
    );
  }
  const codex = await prepareCodex({ settings, environment, systemFolder: SYSTEM_FOLDER });
  const { backend, close } = await startCodex({ codex, settings, log, signal });
  try {
    return (await backend.models(signal)).map(showModel);
  } finally {
    await close();
  }
}

/** Returns the id of the model that is used if none is named; undefined if it cannot be found out. */
export async function findDefaultModel(options: ListModelsOptions): Promise<string | undefined> {
  try {
    return (await listModels(options)).find((model) => model.is_default)?.id;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Error) return undefined;
    throw error;
  }
}
