import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTurnHistory } from '../../src/sessions/workspace/history/turn-history.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const SNAPSHOT_LIMITS = { files: 20_000, bytes: 200e6, fileBytes: 50e6, days: 14 };

/** A workspace with files in it, and a history of its own. */
export function createTrial(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  limits: Partial<typeof SNAPSHOT_LIMITS> = {},
) {
  const workspace = temporaryFolder();
  const folder = temporaryFolder();
  const at = (path: string) => join(workspace, path);
  const write = (path: string, content: string | Uint8Array = path) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const open = () => createTurnHistory({ folder, limits: { ...SNAPSHOT_LIMITS, ...limits }, leftOut: [] });
  const history = open();
  return {
    workspace,
    folder,
    at,
    write,
    history,
    /** Opens the same history anew, as after a restart. */
    open,
    /** Runs one turn that makes these edits. */
    async turn(turnId: string, edits: () => void) {
      await history.begin(turnId, workspace);
      edits();
      return (await history.end(turnId))!;
    },
  };
}
