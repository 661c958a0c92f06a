import { isJsonObject, type JsonObject } from '../../../base/json.ts';

/** Returns a path as seen from a folder. */
export function nameWithin(folder: string, path: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Describes a change that was made without a question, in the lines of a diff. */
export function describeChange({ path, kind, diff }: JsonObject, workspace: string): string {
  const name = nameWithin(workspace, String(path));
  const type = isJsonObject(kind) ? kind.type : 'update';
  const text = String(diff);
  if (type === 'update') return `--- a/${name}\n+++ b/${name}\n${text}`;
  const sign = type === 'add' ? '+' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const head = type === 'add' ? `--- /dev/null\n+++ b/${name}` : `--- a/${name}\n+++ /dev/null`;
  return [head, ...lines.map((line) => `${sign}${line}`)].join('\n');
}
