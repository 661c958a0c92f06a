/** Beginning of the ids under which GitHub Copilot's models are served. */
export const COPILOT_PREFIX = 'copilot/';

/** Returns true for the id of one of GitHub Copilot's models, whether that exists or not. */
export function isCopilotId(id: string): boolean {
  return id.startsWith(COPILOT_PREFIX);
}
