import { StartupError } from '../../base/errors.ts';

const OLDEST = [22, 13] as const;

/** `version` as `process.versions.node` has it. */
export function checkNode(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return version;
  throw new StartupError(`${version} is too old; install Node ${OLDEST.join('.')} or newer.`);
}
