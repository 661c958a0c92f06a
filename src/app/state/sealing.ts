import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import type { Sealing, SharedSealing } from '../../conversation/ports/sealing.ts';
import { writePrivateFile } from '../files/private-files.ts';

const CIPHER = 'aes-256-gcm';
/** Size of a key. */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Marks texts sealed by a gateway, with the version of their format: a provider seals texts of its own. */
const PREFIX = 'codex-gateway.1.';

/** Opens a sealing with the key in this folder, which is created if it is missing. Rejects with a `StartupError`. */
export async function openSealing(folder: string): Promise<SharedSealing> {
  return createSealing(await readOrMakeKey(folder));
}

/** Creates a sealing; without a given key, one that ends with the process. */
export function createSealing(key: Buffer = randomBytes(KEY_BYTES)): SharedSealing {
  return { ...sealFor(key, ''), ofCaller: (id) => sealFor(key, id) };
}

/** @param caller Part of every sealed text, without being in it. */
function sealFor(key: Buffer, caller: string): Sealing {
  const options = { authTagLength: TAG_BYTES };
  const about = Buffer.from(caller, 'utf8');
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, options).setAAD(about);
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${PREFIX}${sealed.toString('base64url')}`;
    },
    unseal(sealed) {
      if (!sealed.startsWith(PREFIX)) return undefined;
      const text = sealed.slice(PREFIX.length);
      const bytes = Buffer.from(text, 'base64url');
      // The decoder skips characters other than base64, so a change there would stay unnoticed.
      if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) return undefined;
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), options).setAAD(about);
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const content = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8');
        return content + decipher.final('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

async function readOrMakeKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'sealing.key');
  try {
    return (await readKey(path)) ?? (await makeKey(path)) ?? (await readKey(path))!;
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`The key file ${path} cannot be used (${code}); fix that.`, { cause: error });
  }
}

/** Returns the stored key; undefined if there is none. */
async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    await chmod(path, 0o600);
    const key = await readFile(path);
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  throw new StartupError(
    `The key file ${path} is damaged; move it away, and the next start creates a new one. What was compacted with the old key is lost.`,
  );
}

/** Returns undefined if another gateway was faster: its key counts. */
async function makeKey(path: string): Promise<Buffer | undefined> {
  const key = randomBytes(KEY_BYTES);
  return (await writePrivateFile(path, key, false)) ? key : undefined;
}
