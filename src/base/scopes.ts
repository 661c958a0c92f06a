/** Surfaces of the gateway to which an access token may lead. */
export const SCOPES = ['openai', 'metrics', 'copilot'] as const;

export type Scope = (typeof SCOPES)[number];
