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
  /** Resolves to the models for a list of all models, which hardly waits for them; to none before `show`. */
  shown(signal: AbortSignal): Promise<readonly Model[]>;
  show(): void;
  /** Resolves to the models for a request for one of them; rejects with a `GatewayError` if they cannot be read. */
  complete(signal: AbortSignal): Promise<readonly Model[]>;
  /** Rejects with a `GatewayError` if nobody is signed in. */
  requireLogin(): Promise<void>;
  /** The models as they were read last, as an app-server lists them. */
  readonly catalog: CatalogSource;
}

/** Milliseconds for which a list of all models waits for those of Copilot. */
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

  async function complete(signal: AbortSignal): Promise<readonly Model[]> {
    if (!(await isSignedIn())) return [];
    const models = await read(signal);
    latest = update(latest, models);
    return latest.models;
  }

  return {
    async shown(signal) {
      if (!isShown || !(await isSignedIn())) return [];
      if (isLate || performance.now() - failedAt < RETRY_MS) return latest.models;
      const reading = complete(signal).finally(() => (isLate = false));
      const models = await withTimeout(reading, MAX_WAIT_MS).catch(() => 'failed' as const);
      if (models === 'timeout') isLate = true;
      if (models === 'failed') failedAt = performance.now();
      return typeof models === 'string' ? latest.models : models;
    },
    show() {
      isShown = true;
    },
    complete,
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

/** Returns what was latest if the models are the same, so that the app-server stays. */
function update(latest: Latest, models: readonly CopilotModel[]): Latest {
  const key = JSON.stringify(models);
  if (key === latest.key) return latest;
  return { models: models.map(toServedModel), entries: models.map(toCatalogEntry), key };
}
