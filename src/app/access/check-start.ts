import type { Observation } from '../../base/observation.ts';
import type { Scope } from '../../base/scopes.ts';
import type { Settings } from '../config/config.ts';
import { checkReach } from '../config/reach.ts';
import { refuseWeakToken } from '../config/weak-token.ts';

/**
 * Refuses settings with which a gateway would not serve, before anything is written, stopped or started. Returns what the
 * user should know about the others.
 * @param scope The scope that a named token needs to count as one of the user's own.
 */
export async function checkStart(settings: Settings, scope?: Scope): Promise<Observation[]> {
  refuseWeakToken(settings);
  return await checkReach(settings, async () => {
    const { hasNamedTokens } = await import('./named-tokens.ts');
    return await hasNamedTokens(settings.stateDirectory, scope);
  });
}
