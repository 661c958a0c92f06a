import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import type { Observation } from '../../../../src/base/observation.ts';
import type { CredentialOptions } from '../../../../src/upstream/copilot/auth/credential-options.ts';
import {
  createCredentials,
  type CredentialContext,
  type Credentials,
} from '../../../../src/upstream/copilot/auth/credentials.ts';
import { createHttpClient, type HttpClient } from '../../../../src/upstream/copilot/transport/http-client.ts';
import type { CopilotUrls } from '../../../../src/upstream/copilot/transport/urls.ts';
import { startFakeGithub, type FakeGithub } from '../../../support/copilot/fake-github.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

export interface AuthSetUp {
  readonly github: FakeGithub;
  readonly context: CredentialContext;
  readonly credentials: Credentials;
  /** Holds `.copilot-tokens.json` and `github-copilot`. */
  readonly folder: string;
  readonly observed: readonly Observation[];
  readonly tokenFile: string;
  /** Writes the token file. */
  write(content: object | string): void;
  /** Reads the token file as JSON. */
  read(): Record<string, unknown>;
  /** Writes `hosts.json` or `apps.json`. */
  writeLogins(name: 'hosts.json' | 'apps.json', content: object | string): void;
  /** The token that a request would be sent with. */
  bearer(incoming?: string): Promise<string>;
}

interface AuthSetUpOptions {
  readonly credentials?: Partial<CredentialOptions>;
  readonly urls?: CopilotUrls;
  readonly identity?: 'editor' | 'gateway';
  /** Sends requests in place of the real client. */
  readonly send?: HttpClient['send'];
}

/** Credentials whose GitHub is a fake on loopback, until the running test ends. */
export async function setUpAuth(options: AuthSetUpOptions = {}): Promise<AuthSetUp> {
  const { credentials, urls, identity = 'editor', send } = options;
  const github = await startFakeGithub();
  const http = createHttpClient({ proxyFor: () => undefined });
  onTestFinished(async () => {
    await http.close();
    await github.close();
  });
  const observed: Observation[] = [];
  const folder = temporaryFolder();
  const tokenFile = join(folder, '.copilot-tokens.json');
  const githubFolder = join(folder, 'github-copilot');
  const context: CredentialContext = {
    http: { ...http, ...(send && { send }) },
    urls: {
      token: `${github.origin}/copilot_internal/v2/token`,
      user: `${github.origin}/copilot_internal/user`,
      graphql: `${github.origin}/graphql`,
      deviceCode: `${github.origin}/login/device/code`,
      accessToken: `${github.origin}/login/oauth/access_token`,
      ...urls,
    },
    request: { identity, editorVersion: 'vscode/1.109.2', chatVersion: '0.35.0', version: '1.2.3' },
    headersTimeoutMs: 10_000,
    command: 'codex-gateway',
    observer: { observe: (one) => void observed.push(one), within: (_, run) => run() },
    credentials: {
      tokenFile,
      githubFolder,
      useGhCli: false,
      refreshes: true,
      expiryBufferSeconds: 300,
      oauthClientId: 'client',
      oauthScope: 'read:user',
      ...credentials,
      environment: { PATH: folder, HOME: folder, ...credentials?.environment },
    },
  };
  const own = createCredentials(context);
  return {
    github,
    context,
    credentials: own,
    folder,
    observed,
    tokenFile,
    write: (content) => writeFileSync(tokenFile, textOf(content)),
    read: () => JSON.parse(readFileSync(tokenFile, 'utf8')) as Record<string, unknown>,
    writeLogins(name, content) {
      if (!existsSync(githubFolder)) mkdirSync(githubFolder);
      writeFileSync(join(githubFolder, name), textOf(content));
    },
    bearer: async (incoming) => (await own.current(NEVER_ABORTED, incoming)).bearer,
  };
}

function textOf(content: object | string): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** Stops the clock, but not the timers, until the running test ends. */
export function stopClock(): { now: number; advance(milliseconds: number): void } {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const clock = {
    now: Date.now(),
    advance(milliseconds: number) {
      clock.now += milliseconds;
      vi.setSystemTime(clock.now);
    },
  };
  return clock;
}

/** Puts a program called `gh` into the PATH. */
export function installGh({ folder }: AuthSetUp, script: string): void {
  const path = join(folder, 'gh');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
