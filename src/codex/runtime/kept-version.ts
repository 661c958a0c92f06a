import { open } from 'node:fs/promises';
import { z } from 'zod';
import { readKept, writeKept } from '../home/kept-file.ts';
import { stampFiles } from '../home/set-up-stamp.ts';

const keptSchema = z.object({ path: z.string(), stamp: z.string(), version: z.string() });

/**
 * Returns the version of a program, which is read only if the file has none for it, or the program has changed. A script's version
 * is read each time, because it may start another program tomorrow.
 */
export async function keepVersion(file: string, path: string, read: () => Promise<string>): Promise<string> {
  if (!(await isNative(path))) return await read();
  const stamp = await stampFiles([path]);
  const kept = keptSchema.safeParse(await readKept(file)).data;
  if (kept?.path === path && kept.stamp === stamp) return kept.version;
  const version = await read();
  await writeKept(file, { path, stamp, version });
  return version;
}

/** The first bytes of programs: ELF, and Mach-O in both byte orders and for several processors. */
const MAGIC = ['7f454c46', 'cffaedfe', 'feedfacf', 'cafebabe'];

async function isNative(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  try {
    const head = await file?.read(Buffer.alloc(4), 0, 4, 0);
    return head !== undefined && MAGIC.includes(head.buffer.toString('hex'));
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}
