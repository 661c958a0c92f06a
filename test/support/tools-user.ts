import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { userEnvironment } from './command-line.ts';
import { scriptedProvider } from './gateway.ts';
import { useKeptDatabases } from './kept-databases.ts';
import { createMemoryLog } from './memory-log.ts';
import { GITHUB_TOKEN, openPullRequestTool, PULL } from './pull-request-tool.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startUpstream } from './upstream.ts';

/** The document of the user, whose third line is about refunds. */
const DOCUMENT = 'Refunds\n\nA customer gets a refund within 30 days.\n';

/** A diff that leaves a space at the end of a line of `a.ts`. */
export const UNTIDY_DIFF = '--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1 @@\n+const a = 1; \n';

/** A user whose internal tools have a document, and a clone with a bare repository and a fake GitHub behind it. */
export async function createToolsUser() {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const { clone, github, inRemote } = await openPullRequestTool();
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  const home = environment.HOME!;
  writeFileSync(
    join(home, '.codex/config.toml'),
    `model = "gpt-6-sol"\n${scriptedProvider(upstream.baseUrl)}`,
  );
  const configFolder = join(home, '.config/codex-gateway');
  mkdirSync(join(configFolder, 'docs'), { recursive: true, mode: 0o700 });
  writeFileSync(join(configFolder, 'docs/refunds.md'), DOCUMENT);
  writeFileSync(join(configFolder, 'github-token'), GITHUB_TOKEN, { mode: 0o600 });
  const tools = {
    knowledge: ['docs/*.md'],
    repositories: { [PULL.repo]: { path: clone } },
    github: { apiUrl: github.apiUrl, tokenFile: 'github-token' },
  };
  const config = { port: 0, token: 'the-token-of-this-test', tools };
  writeFileSync(join(configFolder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const stateDirectory = join(home, '.local/state/codex-gateway');
  return {
    /** The provider of the user's Codex. */
    upstream,
    github,
    inRemote,
    folder,
    home,
    environment,
    stateDirectory,
    async start(): Promise<RunningGateway> {
      await useKeptDatabases(stateDirectory);
      const settings = await readSettings({}, environment);
      const running = await startGateway({
        settings,
        environment,
        observer: createMemoryLog(),
        demo: false,
      });
      onTestFinished(() => running.close(AbortSignal.abort()));
      return running;
    },
    /** Returns the entries of the audit, oldest first. */
    audit: () =>
      readFileSync(join(stateDirectory, 'tools-audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
