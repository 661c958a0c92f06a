import { createHash } from 'node:crypto';
import { GatewayError } from '../../../base/errors.ts';

/** Where a token was found. */
export type CredentialSource =
  | 'copilot.token'
  | 'GH_COPILOT_TOKEN'
  | 'COPILOT_BEARER_TOKEN'
  | 'token file'
  | 'hosts.json'
  | 'apps.json'
  | 'gh'
  | 'incoming';

/** What goes up as `Authorization: Bearer`, and what came with it. */
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

export interface CredentialOptions {
  /** `copilot.token` */
  readonly token?: string | undefined;
  readonly ghCopilotToken?: string | undefined;
  readonly copilotBearerToken?: string | undefined;
  /** Path of the file with the tokens of `copilot login`. */
  readonly tokenFile: string;
  /** Folder in which GitHub's own programs keep `hosts.json` and `apps.json`. */
  readonly githubFolder: string;
  /** Asks `gh auth token` if there is no other source. */
  readonly useGhCli: boolean;
  /** False if a token is never refreshed. */
  readonly refreshes: boolean;
  /** Seconds before the end of a token at which another is fetched. */
  readonly expiryBufferSeconds: number;
  /** Id of the application under whose name a user signs in. */
  readonly oauthClientId: string;
  readonly oauthScope: string;
}

export interface Credentials {
  /**
   * Resolves to the credential to send, exchanged or refreshed if need be; rejects with `copilot_signed_out`,
   * `copilot_auth_unreadable` or `copilot_auth_unreachable`.
   * @param incoming A caller's `Authorization` header that is not the gateway's own token.
   */
  current(signal: AbortSignal, incoming?: string): Promise<Credential>;
  /**
   * Resolves to another credential after Copilot has answered 401 to this one; undefined if there is no other.
   */
  renew(refused: Credential, signal: AbortSignal): Promise<Credential | undefined>;
  /** Resolves to true if this machine has a source, apart from incoming headers. Asks nothing of GitHub. */
  isSignedIn(): Promise<boolean>;
  /**
   * Resolves to a key that is the same for all tokens of one sign-in, and no secret; undefined if there is no source. Asks
   * nothing of GitHub.
   */
  account(incoming?: string): Promise<string | undefined>;
}

export function createCredentials(options: CredentialOptions, command: string): Credentials {
  const bearer = options.token ?? options.ghCopilotToken ?? options.copilotBearerToken;
  return {
    async current() {
      if (bearer !== undefined) return { bearer, source: 'copilot.token' };
      throw new GatewayError(
        'copilot_signed_out',
        `You are not signed in to GitHub Copilot. Run \`${command} copilot login\`.`,
      );
    },
    renew: async () => undefined,
    isSignedIn: async () => bearer !== undefined,
    account: async () =>
      bearer === undefined ? undefined : createHash('sha256').update(bearer).digest('base64url'),
  };
}
