import type { Environment } from '../config/config.ts';

/**
 * Returns the environment of the agent's app-server: the user's own, as `codex` would have it, without what belongs to the
 * gateway. The commands of the agent see it, and Codex writes it into a file.
 */
export function agentEnvironment(
  own: Environment,
  secrets: readonly (string | undefined)[],
): Record<string, string> {
  const known = secrets.filter((secret) => secret !== undefined && secret !== '') as readonly string[];
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) => {
      const isOurs = name.startsWith('CODEX_GATEWAY_') || known.some((secret) => value?.includes(secret));
      return value === undefined || isOurs ? [] : [[name, value]];
    }),
  );
}
