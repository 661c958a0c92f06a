import type { ClientsService } from '../../console/clients/clients-service.ts';
import { defaultModel, type ModelDirectory } from '../../gateway/models/model-directory.ts';
import { CLIENTS } from '../clients/clients.ts';

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
  };
}
