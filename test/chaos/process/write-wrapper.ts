import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The behavior of an app-server that is started. */
export type ChildMode = 'ends' | 'garbage' | 'late' | 'usual';

const FILTER = fileURLToPath(new URL('garbage-filter.ts', import.meta.url));

/** Writes a codex that behaves as a file says; returns its path. */
export function writeWrapper(folder: string, binary: string): string {
  const path = join(folder, 'codex');
  const script = `#!/bin/sh
case "$*" in
  *app-server*)
    case "$(cat '${join(folder, 'child-mode')}')" in
      ends) exit 1 ;;
      late) sleep 3 ;;
      garbage) exec '${process.execPath}' '${FILTER}' '${binary}' "$@" ;;
    esac ;;
esac
exec '${binary}' "$@"
`;
  writeFileSync(path, script, { mode: 0o700 });
  setChildMode(folder, 'usual');
  return path;
}

/** Decides about app-servers that are started from now on. */
export function setChildMode(folder: string, mode: ChildMode): void {
  writeFileSync(join(folder, 'child-mode'), mode);
}
