import { stat } from 'node:fs/promises';
import type { Finding } from './finding.ts';

/** Whether the config file, which may hold a token, is its owner's alone. */
export async function checkConfig(path: string): Promise<Finding> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    return {
      subject: 'config',
      state: 'good',
      text: `there is none at ${path}; init writes one with a token that stays`,
    };
  }
  if ((found.mode & 0o077) === 0) return { subject: 'config', state: 'good', text: path };
  return {
    subject: 'config',
    state: 'bad',
    text: `others on this machine can read or change ${path}; run chmod 600 on it.`,
  };
}
