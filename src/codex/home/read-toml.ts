import { readFile } from 'node:fs/promises';
import { parse, type TomlTable } from 'smol-toml';
import { StartupError } from '../../base/errors.ts';

/** Reads a TOML file; one that is missing is empty. Throws a `StartupError` that names the place, never a value. */
export async function readToml(path: string): Promise<TomlTable> {
  try {
    // Codex knows integers that JavaScript's numbers do not.
    return parse(await readFile(path, 'utf8'), { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    const why = code ?? message.split('\n')[0];
    throw new StartupError(`Codex's own ${path} cannot be used: ${why}. Correct it there.`, { cause: error });
  }
}
