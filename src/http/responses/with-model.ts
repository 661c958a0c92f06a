import { isJsonObject } from '../../base/json.ts';
import { defaultModel } from '../../gateway/default-model.ts';
import type { Gateway } from '../../gateway/gateway.ts';

/** A body with the model that counts where it names none: the API leaves it open. */
export async function withModel(
  body: unknown,
  gateway: Pick<Gateway, 'listModels'>,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isJsonObject(body) || (body.model ?? null) !== null) return body;
  return { ...body, model: defaultModel(await gateway.listModels(signal)) };
}
