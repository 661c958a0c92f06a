import { readTokens, tokenFolder } from '../../access/token-folder.ts';
import type { Observation } from '../../base/observation.ts';
import type { Scope } from '../../base/scopes.ts';
import type { Settings } from '../config/config.ts';
import { checkReach } from '../config/reach.ts';
import { refuseWeakToken } from '../config/weak-token.ts';
import { findUnheldTurns } from './unheld-turns.ts';

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
  const warnings = await checkReach(settings, demo ? undefined : hasNamed);
  // Copilot's routes have no turns, and the demo has no named tokens.
  return demo || scope === 'copilot' ? warnings : [...warnings, ...(await warnOfTurns(settings))];
}

async function warnOfTurns(settings: Settings): Promise<Observation[]> {
  // A folder that cannot be read is reported where the tokens are used.
  const list = await readTokens(tokenFolder(settings.stateDirectory)).catch(() => undefined);
  const unheld = list?.entries.flatMap((entry) => findUnheldTurns(entry, settings) ?? []) ?? [];
  return unheld.map((turns) => ({ type: 'token-turns-unheld', ...turns }));
}

interface CheckedStart {
  /** The scope that a named token needs to count as one of the user's own. */
  readonly scope?: Scope;
  /** True for the demo, which accepts no named token. */
  readonly demo?: boolean | undefined;
}
