/** Fields of `/proc/PID/stat`, a file that only Linux has. */
export interface ProcessStat {
  /** A letter, `Z` for a process that has ended and waits for its parent; the first process of a container may never collect it. */
  readonly state: string;
  readonly parent: number;
  /** Id of its session, which is that of the process that began it. */
  readonly session: number;
  /** Time of the start in clock ticks, by which a process differs from a later one that got the same id. */
  readonly start: string;
  /** Clock ticks of processor time that it has used. */
  readonly cpuTicks: number;
}

export function parseProcessStat(text: string): ProcessStat {
  // The second field may hold anything and ends with a bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    session: Number(fields[3]),
    start: fields[19] ?? '',
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}
