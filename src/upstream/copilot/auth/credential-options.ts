/** Sources of tokens, and their use. */
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
  /** Variables with which `gh` runs. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
