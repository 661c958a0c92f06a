import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ConfigAsker } from '../../console/models/console-models.ts';
import type { Context } from '../requests/context.ts';

/** Returns the one who asks for something of the config file. */
export function configAsker({ state: { caller, signal } }: Context): ConfigAsker {
  return { isMain: caller === undefined || caller.id === MAIN_TOKEN, signal };
}
