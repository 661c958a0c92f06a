import type { Observation } from '../../base/observation.ts';
import type { Scope } from '../../base/scopes.ts';
import type { Settings } from '../config/config.ts';
import { checkReach } from '../config/reach.ts';
import { refuseWeakToken } from '../config/weak-token.ts';

/**
 * Refuses settings with which a gateway would not serve, before anything is written, stopped or started. Returns what the
 * user should know about the others.
 */
export async function checkStart(
  settings: Settings,
  { scope, demo = false }: CheckedStart = {},
): Promise<Observation[]> {
  refuseWeakToken(settings);
  const hasNamed = async () => {
    const { hasNamedTokens } = await import('./named-tokens.ts');
    return await hasNamedTokens(settings.stateDirectory, scope);
  };
  return await checkReach(settings, demo ? undefined : hasNamed);
}

interface CheckedStart {
  /** The scope that a named token needs to count as one of the user's own. */
  readonly scope?: Scope;
  /** True for the demo, which accepts no named token. */
  readonly demo?: boolean | undefined;
}
