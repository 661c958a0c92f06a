/** Place in which a token was found. */
export type CredentialSource =
  | 'copilot.token'
  | 'GH_COPILOT_TOKEN'
  | 'COPILOT_BEARER_TOKEN'
  | 'token file'
  | 'hosts.json'
  | 'apps.json'
  | 'gh'
  | 'incoming';

/** A token that is sent as `Authorization: Bearer`, and what came with it. */
export interface Credential {
  readonly bearer: string;
  readonly source: CredentialSource;
  /** Base URL of Copilot's API that GitHub gave with the token. */
  readonly endpoint?: string | undefined;
  /** The integration id without which Copilot refuses the token. */
  readonly integrationId?: string | undefined;
  /** Milliseconds since 1970; undefined if unknown. */
  readonly expiresAtMs?: number | undefined;
}
