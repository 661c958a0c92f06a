import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the processes whose environment names this folder, without this one. It reads about all processes: not for often. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && readOf(pid, 'environ').includes(folder));
}

/** Returns the app-servers among the descendants of a process. */
export function appServersOf(pid: number): number[] {
  return descendantsOf(pid).filter((one) => readOf(one, 'cmdline').split('\0').includes('app-server'));
}

function descendantsOf(pid: number): number[] {
  const children = readOf(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Returns the resident memory of a process in megabytes, 0 if it has ended. */
export function memoryOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readOf(pid, 'status')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Returns how many threads a process has. */
export function threadsOf(pid: number): number {
  const [, threads = '0'] = /^Threads:\s+(\d+)$/m.exec(readOf(pid, 'status')) ?? [];
  return Number(threads);
}

/** Returns what the descriptors of a process lead to. */
export function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

/** A process may end while it is looked at. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Returns true if a process is there and has not ended. */
export function isRunning(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(readOf(pid, 'status'));
}

/** Returns true if a process ignores a signal or has a listener for it. */
export function handlesSignal(pid: number, signal: number): boolean {
  const masks = [...readOf(pid, 'status').matchAll(/^Sig(?:Ign|Cgt):\s*([0-9a-f]+)$/gm)];
  return masks.some(([, mask]) => ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n);
}

/** Sends a signal to a process that may have ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
