import { existsSync } from 'node:fs';
import { messageOf, StartupError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { readMoment } from '../../base/read-moment.ts';
import { openToolLedger } from '../../store/tools/open-tool-ledger.ts';
import { findStateDirectory, type Environment, type Flags } from '../config/config.ts';
import { auditFiles } from './audit-files.ts';

/** Options of `tools audit`. */
export interface AuditFlags extends Flags {
  readonly since?: string;
  readonly tool?: string;
  /** Name of a key. */
  readonly key?: string;
  readonly json?: boolean;
}

/** Reads the entries of the audit as lines of JSON, oldest first. Needs no gateway that runs. Rejects with a `StartupError`. */
export async function readAudit(
  { since, tool, key }: AuditFlags,
  environment: Environment,
): Promise<readonly string[]> {
  const from = since === undefined ? undefined : readSince(since, Date.now());
  const files = auditFiles(findStateDirectory(environment));
  if (!existsSync(files.path)) return [];
  const ledger = await openToolLedger(files);
  try {
    return Array.from(ledger.list({ since: from, tool, key }));
  } catch (error) {
    throw new StartupError(`The file ${files.path} cannot be read (${messageOf(error)}); try again.`, {
      cause: error,
    });
  } finally {
    ledger.close();
  }
}

function readSince(text: string, now: number): number {
  const time = readMoment(text, now, -1);
  if (!Number.isNaN(time)) return time;
  throw new StartupError(
    `--since is '${excerpt(text)}'; write a duration such as 30s, 15m, 8h or 7d, or a time such as 2026-01-31T12:00:00Z.`,
  );
}
