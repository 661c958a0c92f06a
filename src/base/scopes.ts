/** Surfaces of the gateway to which an access token may lead. */
export const SCOPES = ['openai', 'metrics', 'copilot', 'sessions', 'tools', 'console'] as const;

export type Scope = (typeof SCOPES)[number];

/** Name and id of the gateway's own token, which has every scope and no limits. */
export const MAIN_TOKEN = 'main';

const SESSION_KEY = 'session:';

/** Returns the caller id of the key with which an agent session calls tools. */
export function sessionKeyId(sessionId: string): string {
  return `${SESSION_KEY}${sessionId}`;
}

/** Returns true for the caller id of a session's key. */
export function isSessionKey(callerId: string): boolean {
  return callerId.startsWith(SESSION_KEY);
}
