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

/** URLs of GitHub, which are known without a question to anyone. */
export interface GithubUrls {
  readonly token: string;
  readonly graphql: string;
  readonly user: string;
  readonly deviceCode: string;
  readonly accessToken: string;
}

/** Host of GitHub for everyone without a GitHub Enterprise of their own. */
const PUBLIC_HOST = 'github.com';

export function githubUrls(urls: CopilotUrls): GithubUrls {
  const host = githubHost(urls);
  return {
    token: urls.token ?? `https://api.${host}/copilot_internal/v2/token`,
    graphql: urls.graphql ?? `https://api.${host}/graphql`,
    user: urls.user ?? `https://api.${host}/copilot_internal/user`,
    deviceCode: urls.deviceCode ?? `https://${host}/login/device/code`,
    accessToken: urls.accessToken ?? `https://${host}/login/oauth/access_token`,
  };
}

/** Returns the base URL of Copilot's API for tokens whose URL GitHub has not given. */
export function defaultBase(urls: CopilotUrls): string {
  const host = githubHost(urls);
  return host === PUBLIC_HOST ? 'https://api.githubcopilot.com' : `https://copilot-api.${host}`;
}

/** Returns the host of GitHub, such as `github.com` or `octocorp.ghe.com`. */
export function githubHost({ githubHost: host = '' }: CopilotUrls): string {
  return (
    host
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '') || PUBLIC_HOST
  );
}

/**
 * Returns a base URL that GitHub has given, without a slash at its end; undefined if no request may go there: a token
 * leaves the machine only encrypted.
 */
export function parseBase(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null) return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    return undefined;
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Returns true if the host of a parsed URL is this machine. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
}

/** Returns a URL as errors and logs show it: without query, user and password. */
export function describeUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? 'an invalid URL' : `${url.origin}${url.pathname}`;
}
