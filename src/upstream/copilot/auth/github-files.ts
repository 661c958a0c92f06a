import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { readJsonFile } from './read-json-file.ts';
import { isToken, tokenKind } from './token-kinds.ts';

/** A login of GitHub's editor plugins. */
interface PluginLogin {
  readonly source: 'hosts.json' | 'apps.json';
  readonly token: string;
  readonly user: string | undefined;
}

const FILES = ['hosts.json', 'apps.json'] as const;

/** Finds the login for a host in the files of GitHub's editor plugins; the first file that has one counts. */
export async function findPluginLogin(folder: string, host: string): Promise<PluginLogin | undefined> {
  for (const source of FILES) {
    const found = findIn(await readJsonFile(join(folder, source), source), host);
    if (found !== undefined) return { source, ...found };
  }
  return undefined;
}

/** Keys are a host, or a host with the id of an application: `github.com:Iv1.…`. Tokens of GitHub Apps come first. */
function findIn(content: JsonObject | undefined, host: string): Omit<PluginLogin, 'source'> | undefined {
  const logins = Object.entries(content ?? {}).flatMap(([key, value]) => {
    const isOfHost = key === host || key.startsWith(`${host}:`);
    const { oauth_token: token, user } = isJsonObject(value) ? value : {};
    if (!isOfHost || typeof token !== 'string' || !isToken(token)) return [];
    return [{ token, user: typeof user === 'string' ? user : undefined }];
  });
  return logins.find(({ token }) => tokenKind(token) === 'app') ?? logins[0];
}
