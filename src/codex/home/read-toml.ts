import { readFile } from 'node:fs/promises';
import { parse, type TomlTable } from 'smol-toml';
import { StartupError } from '../../base/errors.ts';

/** Reads a TOML file; a missing one is empty. Rejects with a `StartupError` that names the position of an error, never a value. */
export async function readToml(path: string): Promise<TomlTable> {
  try {
    // Codex accepts integers that JavaScript's numbers cannot represent.
    return parse(await readFile(path, 'utf8'), { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    const why = code ?? message.split('\n')[0];
    throw new StartupError(`Codex's own ${path} cannot be used: ${why}. Correct it there.`, { cause: error });
  }
}
