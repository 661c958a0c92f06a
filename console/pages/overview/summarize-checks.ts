import type { Checks } from '../../../src/console/contract/checks.ts';
import { formatClock } from '../../format/format-time.ts';

/** Returns a sentence about the checks; undefined ones are still to come, once the connection is there. */
export function summarizeChecks(checks: Checks | undefined, isConnected: boolean): string {
  if (checks === undefined) return isConnected ? 'Checking…' : 'The checks come with the connection.';
  const wrong = checks.findings.filter(({ state }) => state !== 'good').length;
  const count = checks.findings.length;
  const at = `as of ${formatClock(checks.at)}`;
  if (wrong === 0) return `All ${count} checks pass, ${at}.`;
  return `${wrong} of ${count} checks have something to say, ${at}.`;
}
