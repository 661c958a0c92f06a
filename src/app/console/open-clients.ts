import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { ClientsService } from '../../console/clients/clients-service.ts';
import { defaultModel, type ModelDirectory } from '../../gateway/models/model-directory.ts';
import { CLIENTS, isClientId } from '../clients/clients.ts';
import { TRIALS } from '../clients/trials.ts';
import { tryClient } from './try-client.ts';

/** Stands for the key in lines that nobody has made a key for yet. */
const PLACEHOLDER = 'YOUR-KEY';

/** Shown if there are no models. */
const FALLBACK_MODEL = 'gpt-5.5';

/** Opens what the console shows of clients. */
export function openClients(directory: ModelDirectory): ClientsService {
  return {
    async list({ origin, model: named }, signal) {
      const models = await directory.list(signal).catch(() => []);
      const model = named ?? defaultModel(models) ?? FALLBACK_MODEL;
      const facts = { origin, model, token: PLACEHOLDER };
      return {
        model,
        models: models.map(({ id }) => id),
        placeholder: PLACEHOLDER,
        clients: Object.entries(CLIENTS).map(([id, { title, kind, place, section, write }]) => ({
          id,
          title,
          kind,
          place,
          section,
          text: write(facts).join('\n'),
        })),
      };
    },
    async try(request, asker) {
      const { client } = request;
      if (!isClientId(client)) throw unknownClient(client);
      return await tryClient(TRIALS[client], request, asker);
    },
  };
}

function unknownClient(id: string): GatewayError {
  return new GatewayError('invalid_value', `Invalid 'client': there is no client '${excerpt(id)}'.`, {
    param: 'client',
  });
}
