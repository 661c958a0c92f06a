/** Surfaces of the gateway to which an access token may lead. */
export const SCOPES = ['openai', 'metrics', 'copilot', 'sessions', 'tools'] as const;

export type Scope = (typeof SCOPES)[number];

/** Name and id of the gateway's own token, which has every scope and no limits. */
export const MAIN_TOKEN = 'main';
