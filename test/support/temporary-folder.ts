import { mkdtempSync, readFileSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of Linux whose files are in memory. */
const MEMORY = '/dev/shm';

/** More bytes than a run has in its folders at any time. */
const ROOM = 2 ** 31;

const quick = hasMemory() ? MEMORY : tmpdir();

/**
 * A new folder: in memory where there is room, since what a run writes and syncs is a good part of its time, or else where
 * the system has its temporary ones.
 */
export function createFolder(parent = quick): string {
  return realpathSync(mkdtempSync(join(parent, 'codex-gateway-test-')));
}

/** A new folder that the commands of an agent can see: the sandbox of Codex has a `/dev` of its own. */
export function createVisibleFolder(): string {
  return createFolder(tmpdir());
}

/** A new folder that is removed when the running test ends. */
export function temporaryFolder(create: () => string = createFolder): string {
  const folder = create();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Returns true if programs may be run there and there is room; containers often have neither. Who sets TMPDIR has chosen. */
function hasMemory(): boolean {
  if (process.platform !== 'linux' || process.env.TMPDIR !== undefined) return false;
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === MEMORY);
  const [, , type, options = ''] = mount?.split(' ') ?? [];
  if (type !== 'tmpfs' || /\b(ro|noexec)\b/.test(options)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM;
}
