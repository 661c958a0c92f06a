import { join } from 'node:path';

/** Returns the files of the tools' calls in the state folder: the database, and the lines of the audit. */
export function auditFiles(stateDirectory: string): { readonly path: string; readonly linesPath: string } {
  return { path: join(stateDirectory, 'tools.sqlite'), linesPath: join(stateDirectory, 'tools-audit.jsonl') };
}
