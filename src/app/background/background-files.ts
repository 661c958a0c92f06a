import { join } from 'node:path';

/** Returns the path of the file that names the process of the gateway in the background. */
export function backgroundPidPath(stateDirectory: string): string {
  return join(stateDirectory, 'gateway.pid');
}

/** Returns the path of its log. */
export function backgroundLogPath(stateDirectory: string): string {
  return join(stateDirectory, 'gateway.log');
}
