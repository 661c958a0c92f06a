import { readdir, readFile } from 'node:fs/promises';

/** Returns the bytes of resident memory of all child processes and theirs; 0 where the system does not show them in /proc. */
export async function readChildMemory(): Promise<number> {
  return await memoryOf(await childrenOf('self'));
}

async function memoryOf(pids: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => (await residentBytes(pid)) + (await memoryOf(await childrenOf(pid)))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns the children that the threads of a process have started. */
async function childrenOf(pid: string): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => read(`/proc/${pid}/task/${thread}/children`)));
  return lists.flatMap((list) => list.split(' ').filter((child) => child !== ''));
}

async function residentBytes(pid: string): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
