import { messageOf } from '../../base/errors.ts';
import type { CopilotModel } from '../../upstream/copilot/models/read-model-list.ts';
import { withCopilot, type CopilotContext } from './with-copilot.ts';

/** The model to name if Copilot cannot be asked. */
const USUAL_MODEL = 'gpt-5.5';
/** Milliseconds for the list of models. */
const TIMEOUT_MS = 15_000;

export interface DefaultModel {
  readonly id: string;
  /** Says why the account's models could not be read. */
  readonly problem?: string;
}

/** Finds the default model of the account that is signed in to Copilot; a usual one if nobody is. */
export async function findCopilotDefault({ signal, ...context }: CopilotContext): Promise<DefaultModel> {
  try {
    return await withCopilot(context, async ({ credentials, models }) => {
      if (!(await credentials.isSignedIn())) return { id: USUAL_MODEL };
      const end = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      return { id: chooseDefault(await models.list(end)) };
    });
  } catch (error) {
    signal.throwIfAborted();
    return { id: USUAL_MODEL, problem: messageOf(error) };
  }
}

/** Returns the model that Copilot suggests; it may suggest one that does not answer at `/responses`. */
function chooseDefault(models: readonly CopilotModel[]): string {
  const found =
    models.find(({ isDefault }) => isDefault) ??
    models.find(({ id }) => id === USUAL_MODEL) ??
    models.find(({ isHidden }) => !isHidden);
  return found?.id ?? USUAL_MODEL;
}
