import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { parseProcessStat } from '../../../base/process-stat.ts';
import { readQueueLimit } from './mark-command.ts';

/** A process that runs. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Id of its session, or of its group where the system shows no sessions. */
  readonly session: number;
  /** Time of the start, by which it differs from a later process with the same id; '' where only its id is known. */
  readonly start: string;
  /** Returns true for a process with one of these marks. */
  has(traces: ProcessTraces): Promise<boolean>;
}

/** Marks by which a process shows that it comes from a command, also after it has left its parents and their session. */
export interface ProcessTraces {
  /** A variable with its value. */
  readonly variable: string;
  /** Names of pipes, as links in `/proc` show them. */
  readonly pipes: ReadonlySet<string>;
  /** Hard limit for message queues that only this command has. */
  readonly limit: number | undefined;
}

/** Lists the processes that have not started before another one, by `/proc` or else by `ps`. */
export async function listProcesses(since: string): Promise<ProcessRow[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.map(Number).filter((pid) => pid > 1);
  if (pids.length === 0) return await askPs();
  const rows = await Promise.all(pids.map(readRow));
  return rows.filter((row) => row !== undefined).filter(({ start }) => Number(start) >= Number(since));
}

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { state, parent, session, start } = parseProcessStat(text);
  if (state === 'Z') return undefined;
  return {
    pid,
    parent,
    session,
    start,
    has: async ({ variable, pipes, limit }) =>
      (await hasVariable(pid, variable)) ||
      (limit !== undefined && (await readQueueLimit(pid)) === limit) ||
      (await hasPipe(pid, pipes)),
  };
}

async function hasVariable(pid: number, variable: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return `\0${text}`.includes(`\0${variable}\0`);
}

async function hasPipe(pid: number, pipes: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return links.some((link) => pipes.has(link));
}

/** Returns the pipes on which a process writes; none where the system does not show them. */
export async function readPipes(pid: number): Promise<ReadonlySet<string>> {
  const links = await Promise.all(
    [1, 2].map(async (number) => await readlink(`/proc/${pid}/fd/${number}`).catch(() => '')),
  );
  return new Set(links.filter((link) => link.startsWith('pipe:') || link.startsWith('socket:')));
}

/** Returns the start of a process; '' if it has gone, or where the system does not show it. */
export function readStart(pid: number): string {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).start;
  } catch {
    return '';
  }
}

/** Lists processes with their environment, as `ps` of macOS shows it for those of the same user. */
async function askPs(): Promise<ProcessRow[]> {
  const { execa } = await import('execa');
  const { stdout, failed } = await execa('ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,command='], {
    reject: false,
    timeout: 10_000,
    stdin: 'ignore',
    stderr: 'ignore',
    maxBuffer: 64 * 1024 * 1024,
  });
  return failed ? [] : stdout.split('\n').flatMap(parsePsRow);
}

function parsePsRow(row: string): ProcessRow[] {
  const [, pid, parent, group, state = '', command = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s?(.*)$/.exec(row) ?? [];
  if (pid === undefined || state.startsWith('Z')) return [];
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      session: Number(group),
      start: '',
      has: async ({ variable }) => ` ${command} `.includes(` ${variable} `),
    },
  ];
}
