import { join } from 'node:path';
import { isJsonObject } from '../../../base/json.ts';
import { createJsonFileReader, type JsonFileReader } from './read-json-file.ts';
import { isToken, tokenKind } from './token-kinds.ts';

/** A login of GitHub's editor plugins. */
interface PluginLogin {
  readonly source: 'hosts.json' | 'apps.json';
  readonly token: string;
  readonly user: string | undefined;
}

/** Finds logins in the files in which GitHub's editor plugins keep them. */
export interface PluginLogins {
  /** Resolves to the login for a host, of the first file that has one. */
  find(host: string): Promise<PluginLogin | undefined>;
}

export function createPluginLogins(folder: string): PluginLogins {
  const readers = (['hosts.json', 'apps.json'] as const).map(
    (source) => [source, createJsonFileReader(join(folder, source), source)] as const,
  );
  return {
    async find(host) {
      for (const [source, reader] of readers) {
        const found = await findIn(reader, host);
        if (found !== undefined) return { source, ...found };
      }
      return undefined;
    },
  };
}

/** Keys are a host, or a host with the id of an application: `github.com:Iv1.…`. Tokens of GitHub Apps come first. */
async function findIn(
  reader: JsonFileReader,
  host: string,
): Promise<Omit<PluginLogin, 'source'> | undefined> {
  const entries = Object.entries((await reader.read()) ?? {});
  const logins = entries.flatMap(([key, value]) => {
    const isOfHost = key === host || key.startsWith(`${host}:`);
    const { oauth_token: token, user } = isJsonObject(value) ? value : {};
    if (!isOfHost || typeof token !== 'string' || !isToken(token)) return [];
    return [{ token, user: typeof user === 'string' ? user : undefined }];
  });
  return logins.find(({ token }) => tokenKind(token) === 'app') ?? logins[0];
}
