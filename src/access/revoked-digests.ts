import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrivateFiles } from './token-folder.ts';

/** Maximum number of revoked tokens that are remembered: the oldest are forgotten. */
const MAX_REVOKED = 1_000;

/** Returns the folder with an empty file for each revoked token, named by its digest. */
export function revokedFolder(folder: string): string {
  return join(folder, 'revoked');
}

/**
 * Remembers a token that is revoked, so that a client that still sends it is not taken for one that guesses.
 * @param folder Holds the tokens.
 */
export async function rememberRevoked(folder: string, digest: Buffer, files: PrivateFiles): Promise<void> {
  const revoked = revokedFolder(folder);
  await files.makeFolder(revoked);
  await files.write(join(revoked, digest.toString('hex')), '', true);
  await forgetOldest(revoked);
}

/** Resolves to the digests of revoked tokens, in hexadecimal digits. */
export async function readRevoked(folder: string): Promise<ReadonlySet<string>> {
  return new Set(await readdir(revokedFolder(folder)).catch(() => []));
}

async function forgetOldest(revoked: string): Promise<void> {
  const names = await readdir(revoked);
  if (names.length <= MAX_REVOKED) return;
  const times = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(revoked, name))).mtimeMs })),
  );
  const oldest = times.toSorted((a, b) => a.time - b.time).slice(0, names.length - MAX_REVOKED);
  for (const { name } of oldest) await rm(join(revoked, name), { force: true });
}
