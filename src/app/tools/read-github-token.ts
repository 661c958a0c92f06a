import { readFile, stat } from 'node:fs/promises';
import { GatewayError } from '../../base/errors.ts';
import type { Environment } from '../config/config.ts';
import { isChangeableByOthers } from '../files/trusted-files.ts';

interface TokenPlaces {
  readonly tokenFile?: string | undefined;
  /** Name of a variable. */
  readonly tokenEnv?: string | undefined;
}

/** Maximum bytes of the file; a longer one holds something else. */
const MAX_BYTES = 65_536;

/** Text that can be sent in a header as a token. */
const TOKEN = /^[\u0021-\u007E]+$/;

/** Reads GitHub's token, as it is now. Rejects with a `GatewayError` that says what to do. */
export async function readGitHubToken(
  { tokenFile, tokenEnv }: TokenPlaces,
  environment: Environment,
): Promise<string> {
  if (tokenFile === undefined && tokenEnv === undefined) {
    throw missing(
      "To open a pull request, a token of GitHub is needed: name its file in 'tools.github.tokenFile', or its variable in 'tools.github.tokenEnv', in the config file. A dry run needs none.",
    );
  }
  const text = tokenFile === undefined ? (environment[tokenEnv!] ?? '') : await readTokenText(tokenFile);
  const token = text.trim();
  if (TOKEN.test(token)) return token;
  const place = tokenFile === undefined ? `variable ${tokenEnv}` : 'file of tools.github.tokenFile';
  throw missing(
    `The ${place} ${token === '' ? 'is empty' : 'does not hold a token alone'}; put a token of GitHub there.`,
  );
}

async function readTokenText(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    // The reading of a pipe or a device may never end.
    if (!stats.isFile() || stats.size > MAX_BYTES) {
      throw missing("'tools.github.tokenFile' does not name a file with a token.");
    }
    if (isChangeableByOthers(stats)) {
      throw missing(
        "Others on this machine can change the file of 'tools.github.tokenFile'; make it yours, with `chmod go-w`.",
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw missing(`The file of 'tools.github.tokenFile' cannot be read (${code}).`);
  }
}

function missing(message: string): GatewayError {
  return new GatewayError('github_token_missing', message);
}
