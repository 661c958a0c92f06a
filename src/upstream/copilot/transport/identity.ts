/** The name under which requests are sent to GitHub and Copilot. */
export interface Identity {
  /** An editor with Copilot, or the gateway itself. */
  readonly identity: 'editor' | 'gateway';
  readonly editorVersion: string;
  readonly chatVersion: string;
  /** Version of this program. */
  readonly version: string;
}

/** Returns the headers that name the sender. */
export function identityHeaders({
  identity,
  editorVersion,
  chatVersion,
  version,
}: Identity): Record<string, string> {
  if (identity === 'gateway') return { 'user-agent': `codex-gateway/${version}` };
  return {
    'user-agent': `GitHubCopilotChat/${chatVersion}`,
    'editor-version': editorVersion,
    'editor-plugin-version': `copilot-chat/${chatVersion}`,
  };
}
