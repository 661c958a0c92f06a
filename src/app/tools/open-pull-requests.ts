import { proxyFor } from '../../base/network.ts';
import { createPullRequestTool } from '../../tools/pull-requests/create-pr.ts';
import { createHttpClient } from '../../upstream/copilot/transport/http-client.ts';
import { findConfiguredPath } from '../config/configured-path.ts';
import { VERSION } from '../config/version.ts';
import { readGitHubToken } from './read-github-token.ts';
import type { ToolContext } from './tool-context.ts';

/** Opens the tool that makes pull requests. */
export function openPullRequests({ settings, configFolder, environment, onClose }: ToolContext) {
  const { repositories = {}, github } = settings;
  const find = (path: string) => findConfiguredPath(path, configFolder, environment);
  const http = createHttpClient({ proxyFor: (url) => proxyFor(url, environment) });
  onClose(http.close);
  const tokenFile = github.tokenFile === undefined ? undefined : find(github.tokenFile);
  return createPullRequestTool({
    repositories: Object.fromEntries(
      Object.entries(repositories).map(([name, { path, ...rest }]) => [name, { ...rest, path: find(path) }]),
    ),
    github: { http, apiUrl: github.apiUrl, userAgent: `codex-gateway/${VERSION}` },
    readToken: async () => await readGitHubToken({ ...github, tokenFile }, environment),
    tokenVariable: github.tokenEnv,
    environment,
  });
}
