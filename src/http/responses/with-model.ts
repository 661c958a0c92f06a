import { isJsonObject } from '../../base/json.ts';
import type { Gateway } from '../../gateway/gateway.ts';

/** A body with the model that counts where it names none: the API leaves it open. */
export async function withModel(
  body: unknown,
  gateway: Pick<Gateway, 'listModels'>,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isJsonObject(body) || (body.model ?? null) !== null) return body;
  const models = await gateway.listModels(signal);
  return { ...body, model: (models.find(({ isDefault }) => isDefault) ?? models[0])?.id };
}
