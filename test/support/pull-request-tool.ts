import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { toolsSchema } from '../../src/app/config/tool-settings.ts';
import { openPullRequests } from '../../src/app/tools/open-pull-requests.ts';
import { encodeProblem } from '../../src/http/tools/encode-problem.ts';
import type { ToolRequest } from '../../src/tools/tool-request.ts';
import { startFakeGitHub } from './fake-github.ts';
import { callOf } from './internal-tool.ts';
import { openTestTools } from './open-test-tools.ts';
import { createTestClone, gitVariables } from './test-clone.ts';

/** The token for the fake GitHub. */
export const GITHUB_TOKEN = 'ghp_token_of_this_suite_0123456789';

export const PULL = {
  repo: 'octo/tools',
  title: 'Mend it',
  body: 'It was broken.',
  base: 'main',
  head: 'agent/fix',
};

export const REAL = { ...PULL, dry_run: false, confirm: true };

interface PullRequestToolOptions {
  readonly repository?: object;
  readonly github?: object;
  readonly environment?: Record<string, string>;
}

/** Opens `git.create_pr` for a clone, with a bare repository as its remote and a fake GitHub, as a config file would. */
export async function openPullRequestTool({
  repository,
  github: more,
  environment,
}: PullRequestToolOptions = {}) {
  const github = await startFakeGitHub();
  const clone = createTestClone();
  const tokenFile = join(clone.folder, 'github-token');
  writeFileSync(tokenFile, `${GITHUB_TOKEN}\n`, { mode: 0o600 });
  const settings = toolsSchema.parse({
    repositories: { [PULL.repo]: { path: 'clone', ...repository } },
    github: { apiUrl: github.apiUrl, tokenFile: 'github-token', ...more },
  });
  const tool = openPullRequests({
    settings,
    configFolder: clone.folder,
    stateDirectory: undefined,
    hidden: [],
    environment: { ...gitVariables(clone.folder), ...environment },
    onClose: (close) => onTestFinished(close),
  });
  const { service, audit } = await openTestTools({
    tools: [tool],
    rateLimit: { perSecond: 100, burst: 1000 },
  });
  const { prepare } = service;
  const run = async (args: object, changes: Partial<ToolRequest> = {}) => {
    const prepared = await prepare(callOf(tool, args, { requestId: 'req_1', ...changes }));
    return (await prepared.run(prepared.isConfirmed)) as Record<'body' | 'diff' | 'message', string>;
  };
  return {
    ...clone,
    tool,
    github,
    tokenFile,
    audit,
    run,
    prepare: async (args: object) => await prepare(callOf(tool, args)),
    /** Returns the status and the text of a refusal. */
    async refusal(args: object, changes?: Partial<ToolRequest>) {
      const error = await run(args, changes).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const { status, body } = encodeProblem(error);
      return { status, detail: (body as { detail: string }).detail };
    },
  };
}
