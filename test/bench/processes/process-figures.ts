import { readdirSync, readFileSync } from 'node:fs';

/** Returns the milliseconds of CPU time that the running threads of a process have used. */
export function readCpuMs(pid: number): number {
  return threadsOf(pid).reduce((sum, thread) => {
    const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e6;
  }, 0);
}

/** Returns the kilobytes of memory that a process holds. */
export function readMemoryKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]);
}

/** Returns the processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`);
}
