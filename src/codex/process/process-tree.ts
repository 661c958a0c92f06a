import { readFile } from 'node:fs/promises';

/** Returns the ids of the processes that one has started, as Linux lists them; none on other systems. */
export async function listChildren(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/**
 * Adds up a figure of a process and of those that it has started, as Linux lists them; resolves to undefined if the process is
 * gone. A script around a binary counts for little itself.
 */
export async function sumTree(
  pid: number,
  read: (pid: number) => Promise<number | undefined>,
): Promise<number | undefined> {
  const own = await read(pid);
  if (own === undefined) return undefined;
  const children = await listChildren(pid);
  const figures = await Promise.all(children.map((child) => sumTree(child, read)));
  return figures.reduce<number>((sum, figure) => sum + (figure ?? 0), own);
}

/** Adds up a column of `ps` over a process group; resolves to undefined if the system has none. */
export async function sumGroup(
  group: number,
  column: string,
  parse: (text: string) => number,
): Promise<number | undefined> {
  const { execa } = await import('execa');
  const { stdout, failed } = await execa('ps', ['-A', '-o', `pgid=,${column}=`], {
    reject: false,
    timeout: 5_000,
    stdin: 'ignore',
    stderr: 'ignore',
  });
  if (failed) return undefined;
  const rows = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pgid]) => Number(pgid) === group);
  return rows.reduce((sum, [, text = '']) => sum + parse(text), 0);
}
