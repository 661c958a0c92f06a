import { readdirSync, readFileSync } from 'node:fs';

/** Returns the milliseconds of CPU time that the running threads of a process have used. */
export function readCpuMs(pid: number): number {
  return threadsOf(pid).reduce((sum, thread) => {
    const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e6;
  }, 0);
}

function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`);
}
