import { StartupError } from '../../base/errors.ts';
import { createRotatingLog } from '../../service/log/rotating-log.ts';
import { claimPidFile } from '../../service/process/pid-file.ts';
import type { Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { standardError } from '../log/output.ts';
import { backgroundLogPath, backgroundPidPath } from './background-files.ts';

/**
 * Makes this process the gateway in the background: its pid file is written, and its log goes to files that are rotated.
 * Returns a function that removes the pid file. Rejects if another gateway is in the background.
 */
export async function beBackground(
  { stateDirectory, log }: Settings,
  pid: number,
): Promise<() => Promise<void>> {
  await makePrivateFolder(stateDirectory);
  const claim = await claimPidFile(backgroundPidPath(stateDirectory), pid);
  if (!('release' in claim)) {
    throw new StartupError(`A codex-gateway already runs in the background (process ${claim.pid}).`);
  }
  standardError.moveTo(createRotatingLog({ path: backgroundLogPath(stateDirectory), ...log }));
  return claim.release;
}
