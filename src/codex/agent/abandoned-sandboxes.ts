import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { sleep } from '../../base/async/sleep.ts';
import { isBelow } from '../../base/is-below.ts';
import { isJsonObject } from '../../base/json.ts';
import { parseProcessStat } from '../../base/process-stat.ts';
import { watchDescendants } from '../process/end-descendants.ts';
import { killProcess } from '../process/spawn-binary.ts';

/** Programs of a sandbox on Linux, by the names under which Codex starts them. */
const PROGRAMS = ['bwrap', 'codex-linux-sandbox'];

/** Rounds, and milliseconds between two of them, in which sandboxes are ended: one may start another before it goes. */
const ROUNDS = 50;
const ROUND_MS = 20;

/** Processes that are looked at together. */
const AT_ONCE = 64;

/**
 * Ends sandboxes that have lost their Codex, with what runs in them; finds none where the system has no `/proc`. Codex usually
 * takes them along, except those that were about to start when it was killed: they wait or work for ever. A sandbox is one of
 * this gateway's if it hides all that this gateway hides, and it has lost its Codex if its parent is neither a Codex nor a
 * sandbox: those of a Codex that runs are never touched.
 */
export async function endAbandonedSandboxes(hidden: readonly string[]): Promise<void> {
  if (hidden.length === 0) return;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const abandoned = await findAbandoned(hidden);
    if (abandoned.length === 0) return;
    await Promise.all(abandoned.map(endTree));
    await sleep(ROUND_MS, NEVER_ABORTED);
  }
}

async function endTree(pid: number): Promise<void> {
  const endDescendants = await watchDescendants(pid);
  killProcess(pid);
  await endDescendants();
}

async function findAbandoned(hidden: readonly string[]): Promise<number[]> {
  const rest = (await readdir('/proc').catch(() => [])).map(Number).filter((number) => number > 1);
  const sandboxes = new Map<number, readonly string[]>();
  while (rest.length > 0) {
    await Promise.all(
      rest.splice(0, AT_ONCE).map(async (pid) => {
        const line = await readCommandLine(pid);
        if (hidesAll(line, hidden)) sandboxes.set(pid, line);
      }),
    );
  }
  const found = await Promise.all(
    [...sandboxes].map(async ([pid, line]) => {
      const parent = await readParent(pid);
      if (parent === undefined || sandboxes.has(parent)) return [];
      return (await isCodexOf(pid, line, parent)) ? [] : [pid];
    }),
  );
  return found.flat();
}

/** Returns true if a command line is that of a sandbox that hides these places, or a folder around them. */
function hidesAll(line: readonly string[], hidden: readonly string[]): boolean {
  if (!PROGRAMS.includes(basename(line[0] ?? ''))) return false;
  const denied = readDenied(line[line.indexOf('--permission-profile') + 1] ?? '');
  return hidden.every((path) => denied.some((folder) => folder === path || isBelow(folder, path)));
}

function readDenied(profile: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(profile);
    if (!isJsonObject(value) || !isJsonObject(value.file_system)) return [];
    const { entries } = value.file_system;
    return (Array.isArray(entries) ? entries : [])
      .filter(isJsonObject)
      .map(({ access, path }) => (access === 'deny' && isJsonObject(path) ? path.path : undefined))
      .filter((path) => typeof path === 'string');
  } catch {
    // Another program, or one of another version.
    return [];
  }
}

/** Returns true if a process is the Codex that has started a sandbox: both run, or start, the same file. */
async function isCodexOf(sandbox: number, line: readonly string[], parent: number): Promise<boolean> {
  const codex = await readProgram(parent);
  return codex !== undefined && [await readProgram(sandbox), line[line.indexOf('--') + 1]].includes(codex);
}

/** Returns the path of the file that a process runs; undefined if it is another user's, such as the first process. */
async function readProgram(pid: number): Promise<string | undefined> {
  const path = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  return path?.replace(/ \(deleted\)$/, '');
}

async function readCommandLine(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0');
}

/** Returns the parent of a process that has not ended. */
async function readParent(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const { parent, state } = text === undefined ? {} : parseProcessStat(text);
  return state === 'Z' ? undefined : parent;
}
