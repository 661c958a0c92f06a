import { readdir, readFile } from 'node:fs/promises';

/**
 * Ends app-servers that outlived their gateway, as far as the system shows which home a process has. They usually end with it;
 * one that was stopped or hung at that moment does not.
 */
export async function endLeftovers(home: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.map(Number).filter((number) => number > 1)) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`CODEX_HOME=${home}`)) end(pid);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
