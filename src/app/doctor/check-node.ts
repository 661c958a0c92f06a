import type { Finding } from './finding.ts';

const OLDEST = [22, 13] as const;

/** `version` as `process.versions.node` has it. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return good
    ? { subject: 'Node', state: 'good', text: version }
    : {
        subject: 'Node',
        state: 'bad',
        text: `${version} is too old; install Node ${OLDEST.join('.')} or newer.`,
      };
}
