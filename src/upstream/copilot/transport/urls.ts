/** URLs of GitHub and Copilot that are set by variables of the environment; the others are found. */
export interface CopilotUrls {
  readonly responses?: string | undefined;
  readonly models?: string | undefined;
  /** `copilot.baseUrl` */
  readonly base?: string | undefined;
  /** `copilot.githubHost` */
  readonly githubHost?: string | undefined;
  readonly token?: string | undefined;
  readonly graphql?: string | undefined;
  readonly user?: string | undefined;
  readonly deviceCode?: string | undefined;
  readonly accessToken?: string | undefined;
}

export const PUBLIC_BASE = 'https://api.githubcopilot.com';
