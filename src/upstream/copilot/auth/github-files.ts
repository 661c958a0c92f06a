import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { createJsonFileReader } from './read-json-file.ts';
import { isToken, tokenKind } from './token-kinds.ts';

/** A login of GitHub's editor plugins. */
interface PluginLogin {
  readonly source: 'hosts.json' | 'apps.json';
  readonly token: string;
  readonly user: string | undefined;
}

/** Finds the login for a host; the first file that has one counts. */
export type FindPluginLogin = (host: string) => Promise<PluginLogin | undefined>;

/** Creates the search in the files of GitHub's editor plugins. */
export function createPluginLoginSearch(folder: string): FindPluginLogin {
  const files = (['hosts.json', 'apps.json'] as const).map((source) => ({
    source,
    read: createJsonFileReader(join(folder, source), source),
  }));
  return async (host) => {
    for (const { source, read } of files) {
      const found = findIn(await read(), host);
      if (found !== undefined) return { source, ...found };
    }
    return undefined;
  };
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
