import { randomUUID } from 'node:crypto';
import { mkdir, open, readlink, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { JsonObject } from '../../../base/json.ts';
import { createJsonFileReader } from './read-json-file.ts';
import { unreadableFile } from './sign-in-errors.ts';
import { isToken } from './token-kinds.ts';

/** A token of Copilot's own, with what GitHub said about it. */
export interface CopilotToken {
  readonly bearer: string;
  /** Base URL of Copilot's API. */
  readonly endpoint?: string | undefined;
  /** Milliseconds since 1970; undefined for one that does not expire. */
  readonly expiresAtMs?: number | undefined;
}

/** The tokens of the file of `copilot login`, which other programs read and write, too. */
interface FileTokens {
  readonly githubToken?: string | undefined;
  readonly copilotToken?: CopilotToken | undefined;
}

export interface TokenFile {
  /** Resolves to undefined without a file; rejects with `copilot_auth_unreadable`. */
  read(): Promise<FileTokens | undefined>;
  /** Keeps the token that GitHub gave for another, if the file still has that one. */
  saveCopilotToken(githubToken: string, token: CopilotToken): Promise<void>;
  /** Keeps the token of a login, which replaces all others. */
  saveLogin(githubToken: string): Promise<void>;
  /** Takes the tokens out; resolves to false if there were none. */
  removeTokens(): Promise<boolean>;
}

const SUFFIX = '/chat/completions';
const KEYS = ['githubToken', 'copilotToken', 'endpoint', 'expiresAt', 'lastUpdated'] as const;
/** Largest number that is a time in seconds; above it, milliseconds are meant. */
const MAX_SECONDS = 1e10;
const MAX_LINKS = 40;

export function createTokenFile(path: string): TokenFile {
  const readContent = createJsonFileReader(path, 'token file');
  return {
    async read() {
      const content = await readContent();
      return content && decodeTokens(content);
    },
    async saveCopilotToken(githubToken, { bearer, endpoint, expiresAtMs }) {
      const content = await readContent();
      if (content?.githubToken !== githubToken) return;
      const { endpoint: _, ...rest } = content;
      const changed = {
        ...rest,
        copilotToken: bearer,
        ...(endpoint !== undefined && { endpoint: `${endpoint}${SUFFIX}` }),
        expiresAt: expiresAtMs,
        lastUpdated: new Date().toISOString(),
      };
      // A login may be written while the disk is slow, and must not be lost.
      await write(path, changed, async () => (await readContent())?.githubToken === githubToken);
    },
    async saveLogin(githubToken) {
      const others = withoutTokens((await readContent()) ?? {});
      await write(path, { ...others, githubToken, lastUpdated: new Date().toISOString() });
    },
    async removeTokens() {
      const content = await readContent();
      if (content === undefined) return false;
      const others = withoutTokens(content);
      if (Object.keys(others).length === 0) await rm(await followLinks(path), { force: true });
      else await write(path, others);
      return content.githubToken !== undefined || content.copilotToken !== undefined;
    },
  };
}

function decodeTokens(content: JsonObject): FileTokens {
  const bearer = tokenIn(content, 'copilotToken');
  const githubToken = tokenIn(content, 'githubToken');
  if (bearer === undefined) return { githubToken };
  const { endpoint } = content;
  return {
    githubToken,
    copilotToken: {
      bearer,
      endpoint: typeof endpoint === 'string' && endpoint !== '' ? withoutSuffix(endpoint) : undefined,
      expiresAtMs: expiryIn(content),
    },
  };
}

function tokenIn(content: JsonObject, key: 'githubToken' | 'copilotToken'): string | undefined {
  const value = content[key] ?? '';
  const token = typeof value === 'string' ? value.trim() : undefined;
  if (token === '') return undefined;
  if (token === undefined || !isToken(token)) {
    throw unreadableFile('token file', `its ${key} is not a token`);
  }
  return token;
}

/** Returns the end of the token in milliseconds: the file has seconds or milliseconds, as a number or as text. */
function expiryIn({ expiresAt }: JsonObject): number | undefined {
  if (expiresAt === undefined || expiresAt === null) return undefined;
  const number = typeof expiresAt === 'string' && expiresAt.trim() !== '' ? Number(expiresAt) : expiresAt;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw unreadableFile('token file', 'its expiresAt is not a time in seconds or milliseconds');
  }
  return number > MAX_SECONDS ? number : number * 1000;
}

function withoutSuffix(endpoint: string): string {
  return endpoint.endsWith(SUFFIX) ? endpoint.slice(0, -SUFFIX.length) : endpoint;
}

function withoutTokens(content: JsonObject): JsonObject {
  const isToken = (key: string) => KEYS.some((name) => name === key);
  return Object.fromEntries(Object.entries(content).filter(([key]) => !isToken(key)));
}

/**
 * Writes the file completely or not at all, readable by its owner only. A symbolic link to it stays.
 * @param isWanted Asked at the last moment.
 */
async function write(
  path: string,
  content: JsonObject,
  isWanted: () => Promise<boolean> = async () => true,
): Promise<void> {
  const target = await followLinks(path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    if (await isWanted()) await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Resolves to the path to which symbolic links lead, even if there is nothing yet. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const next = await readlink(target).catch(() => undefined);
    if (next === undefined) return target;
    target = resolve(dirname(target), next);
  }
  return target;
}
