import { abortable, NEVER_ABORTED } from '../../base/async/abort.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Model } from '../../conversation/model.ts';
import type { CatalogEntry } from '../../codex/runtime/catalog.ts';
import type { CatalogSource } from '../../codex/runtime/instance-options.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import type { CopilotModel } from '../../upstream/copilot/models/read-model-list.ts';
import { toCatalogEntry, toServedModel } from './copilot-models.ts';

/** GitHub Copilot's models. There are none while nobody is signed in. */
export interface CopilotList {
  /** Resolves to the models to show in a list of all models, after two seconds at most; to none before `show`. */
  shown(signal: AbortSignal): Promise<readonly Model[]>;
  show(): void;
  /**
   * Resolves to the models for a request for one of them. Waits for a new list if the latest one does not have it; rejects
   * with a `GatewayError` if the list cannot be read.
   */
  find(id: string, signal: AbortSignal): Promise<readonly Model[]>;
  /** Rejects with a `GatewayError` if nobody is signed in. */
  requireLogin(): Promise<void>;
  /** The models as they were read last, as an app-server lists them. */
  readonly catalog: CatalogSource;
}

/** Maximum milliseconds of waiting for a new list where the latest one will do. */
const MAX_WAIT_MS = 2_000;
/** Milliseconds after a failure for which lists of all models do not try again. */
const RETRY_MS = 5_000;

interface Latest {
  readonly models: readonly Model[];
  readonly entries: readonly CatalogEntry[];
  /** The same text for the same models. */
  readonly key: string;
}

export function createCopilotList(
  { isSignedIn, models: read }: Pick<CopilotAdapter, 'isSignedIn' | 'models'>,
  command: string,
): CopilotList {
  let isShown = false;
  let latest: Latest = { models: [], entries: [], key: '[]' };
  /** True while a list of all models has given up on an answer that is still to come. */
  let isLate = false;
  let failedAt = -Infinity;

  async function refresh(signal: AbortSignal): Promise<readonly Model[]> {
    latest = update(latest, await read(signal));
    return latest.models;
  }

  return {
    async shown(signal) {
      if (!isShown || !(await isSignedIn())) return [];
      if (isLate || performance.now() - failedAt < RETRY_MS) return latest.models;
      // Others may wait for it when this caller has left.
      const reading = refresh(NEVER_ABORTED).finally(() => (isLate = false));
      const waiting = withTimeout(reading, MAX_WAIT_MS).catch(() => 'failed' as const);
      const models = await abortable(waiting, signal);
      if (models === 'timeout') isLate = true;
      if (models === 'failed') failedAt = performance.now();
      return typeof models === 'string' ? latest.models : models;
    },
    show() {
      isShown = true;
    },
    async find(id, signal) {
      if (!(await isSignedIn())) return [];
      const reading = refresh(signal);
      const isKnown = latest.models.some((model) => model.id === id);
      const models = isKnown ? await withTimeout(reading, MAX_WAIT_MS) : await reading;
      return models === 'timeout' ? latest.models : models;
    },
    async requireLogin() {
      if (await isSignedIn()) return;
      throw new GatewayError(
        'copilot_signed_out',
        `You are not signed in to GitHub Copilot. Run \`${command} copilot login\`.`,
      );
    },
    catalog: { entries: () => latest.entries },
  };
}

/** Returns the latest list if the models are the same in any order, so that the app-server stays. */
function update(latest: Latest, models: readonly CopilotModel[]): Latest {
  const key = JSON.stringify(models.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  if (key === latest.key) return latest;
  return { models: models.map(toServedModel), entries: models.map(toCatalogEntry), key };
}
