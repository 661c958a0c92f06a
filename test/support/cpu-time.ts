/** Returns the processor time of the work in milliseconds. A clock would also measure other processes on a busy machine. */
export function cpuTimeOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
