import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runTool, type ToolOptions } from '../../service/process/run-tool.ts';

/** A way in which the gateway came onto this machine. */
export type Installation =
  | { readonly kind: 'clone'; readonly folder: string }
  /** By `npm install --global`. */
  | { readonly kind: 'global'; readonly folder: string }
  /** Kept by npx for a while. */
  | { readonly kind: 'npx'; readonly folder: string }
  /** A dependency of another package, or an unpacked folder. */
  | { readonly kind: 'other'; readonly folder: string };

/** Finds out how the program was installed, by the path of its script. */
export async function findInstallation(script: string, options: ToolOptions): Promise<Installation> {
  const folder = dirname(dirname(realpathSync(script)));
  if (folder.includes('/_npx/')) return { kind: 'npx', folder };
  if (existsSync(join(folder, '.git'))) return { kind: 'clone', folder };
  if (basename(dirname(folder)) !== 'node_modules') return { kind: 'other', folder };
  const { code, stdout } = await runTool('npm', ['root', '--global'], options);
  const isGlobal = code === 0 && realPathOf(stdout.trim()) === dirname(folder);
  return { kind: isGlobal ? 'global' : 'other', folder };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
