import { abortable } from '../../../base/async/abort.ts';
import { GatewayError, messageOf } from '../../../base/errors.ts';
import type { Observer } from '../../../base/observation.ts';
import { encodeCodexModels, type CodexModel } from './encode-codex-models.ts';
import { createHeldLists } from './held-lists.ts';
import type { CopilotModel, ModelList } from './read-model-list.ts';

export interface ModelsOptions {
  /** `copilot.models`: further keys of single models in Codex's list. */
  readonly overrides: Readonly<Record<string, object>>;
  /** Reads the list that Codex carries; rejects if there is none. */
  readCodexModels(): Promise<readonly CodexModel[]>;
}

/** The models of the account that is signed in, or of a caller's own token. */
export interface CopilotModels {
  /** Resolves to the models that answer at `/responses`; rejects with a `GatewayError` if none were ever read. */
  list(signal: AbortSignal, incoming?: string): Promise<readonly CopilotModel[]>;
  /** Resolves to the list that is OpenAI's and Codex's in one; rejects like `list`. */
  encode(signal: AbortSignal, incoming?: string): Promise<ModelListBody>;
  /**
   * Rejects with `model_not_supported` if the list that is held says that a model does not answer at `/responses`. Asks
   * nothing of GitHub.
   */
  check(id: string | undefined, incoming?: string): Promise<void>;
}

/** The body of `GET /copilot/v1/models`. */
export interface ModelListBody {
  readonly object: 'list';
  readonly data: readonly object[];
  /** Entries of Codex's own list; absent if its prompts cannot be read, and Codex then uses its own entries. */
  readonly models?: readonly object[];
}

export interface ModelsParts extends ModelsOptions {
  /** Reads Copilot's list, with the caller's `Authorization` header if it is not the gateway's own. */
  fetchList(incoming: string | undefined): Promise<ModelList>;
  /** Resolves to a key for the account whose token would be used; undefined if nobody is signed in. */
  accountOf(incoming: string | undefined): Promise<string | undefined>;
  readonly observer: Observer;
}

export function createCopilotModels(parts: ModelsParts): CopilotModels {
  const { fetchList, accountOf, overrides, observer } = parts;
  const lists = createHeldLists<ModelList>((error) =>
    observer.observe({ type: 'copilot-models-kept', problem: messageOf(error) }),
  );
  let codexModels: Promise<readonly CodexModel[]> | undefined;

  /** Reads Codex's list once, and again only after it could not be read. */
  async function readCodexModels(): Promise<readonly CodexModel[] | undefined> {
    try {
      codexModels ??= parts.readCodexModels();
      return await codexModels;
    } catch (error) {
      codexModels = undefined;
      observer.observe({ type: 'codex-models-unread', problem: messageOf(error) });
      return undefined;
    }
  }

  async function readList(signal: AbortSignal, incoming: string | undefined): Promise<ModelList> {
    const account = await accountOf(incoming);
    // Without an account, the answer is the error that says so.
    if (account === undefined) return await abortable(fetchList(incoming), signal);
    return await lists.read(account, async () => await fetchList(incoming), signal);
  }

  return {
    list: async (signal, incoming) => (await readList(signal, incoming)).models,
    async encode(signal, incoming) {
      const { models } = await readList(signal, incoming);
      const known = await abortable(readCodexModels(), signal);
      return {
        object: 'list',
        data: models.filter(({ isHidden }) => !isHidden).map(encodeModel),
        ...(known !== undefined && { models: encodeCodexModels(models, known, overrides) }),
      };
    },
    async check(id, incoming) {
      // Most requests need no search for the account.
      if (id === undefined || !lists.some(({ otherRoutes }) => otherRoutes.has(id))) return;
      const account = await accountOf(incoming);
      const routes = account === undefined ? undefined : lists.held(account)?.otherRoutes.get(id);
      if (routes !== undefined) throw wrongRoute(id, routes);
    },
  };
}

/** Encodes a model as OpenAI's list has it, with extra keys for clients that choose a model by them. */
function encodeModel(model: CopilotModel) {
  return {
    id: model.id,
    object: 'model',
    created: 0,
    owned_by: model.ownedBy,
    context_length: model.contextLength,
    reasoning_efforts: model.reasoningEfforts,
    input_modalities: model.inputModalities,
  };
}

function wrongRoute(id: string, routes: readonly string[]): GatewayError {
  const answersAt = routes.length === 0 ? 'not at /responses' : `only at ${routes.join(' and ')}`;
  return new GatewayError(
    'model_not_supported',
    `GitHub Copilot's model '${id}' answers ${answersAt}, and this server sends requests to /responses alone; ` +
      'choose a model of GET /copilot/v1/models.',
    { param: 'model' },
  );
}
