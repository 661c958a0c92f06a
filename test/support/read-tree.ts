import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a folder: each path with its type, mode and content or target. */
export function readTree(folder: string, prefix = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(folder).toSorted()) {
    const place = join(folder, name);
    const stats = lstatSync(place);
    const mode = (stats.mode & 0o7777).toString(8);
    const path = `${prefix}${name}`;
    if (stats.isSymbolicLink()) tree[path] = `link to ${readlinkSync(place)}`;
    else if (stats.isFile()) tree[path] = `file ${mode} ${readFileSync(place).toString('latin1')}`;
    else tree[path] = `${stats.isDirectory() ? 'folder' : 'other'} ${mode}`;
    if (stats.isDirectory()) Object.assign(tree, readTree(place, `${path}/`));
  }
  return tree;
}
