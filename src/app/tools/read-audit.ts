import { existsSync } from 'node:fs';
import { messageOf, StartupError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { readMoment } from '../../base/read-moment.ts';
import type { AuditNames, AuditQuery } from '../../store/tools/audit-rows.ts';
import { openToolLedger } from '../../store/tools/open-tool-ledger.ts';
import { mcpName } from '../../tools/mcp/mcp-name.ts';
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

interface AuditLines {
  /** The entries as lines of JSON, oldest first. */
  readonly lines: readonly string[];
  /** Sentences about names that no entry has. */
  readonly hints: readonly string[];
}

/** Reads the entries of the audit. Needs no gateway that runs. Rejects with a `StartupError`. */
export async function readAudit(
  { since, tool, key }: AuditFlags,
  environment: Environment,
): Promise<AuditLines> {
  const from = since === undefined ? undefined : readSince(since, Date.now());
  const files = auditFiles(findStateDirectory(environment));
  if (!existsSync(files.path)) return { lines: [], hints: [] };
  const ledger = await openToolLedger(files);
  try {
    const lines = Array.from(ledger.list({ since: from, tool, key }));
    return { lines, hints: lines.length > 0 ? [] : hintsOf({ tool, key }, ledger.names()) };
  } catch (error) {
    throw new StartupError(`The file ${files.path} cannot be read (${messageOf(error)}); try again.`, {
      cause: error,
    });
  } finally {
    ledger.close();
  }
}

/** Explains an empty list by the names that were asked for. */
function hintsOf({ tool, key }: AuditQuery, { tools, keys }: AuditNames): string[] {
  const isTool = tool === undefined || tools.some((name) => mcpName(name) === mcpName(tool));
  const isKey = key === undefined || keys.includes(key);
  return [
    ...(isTool ? [] : [`No call of a tool '${excerpt(tool)}' is in the audit; there are ${listOf(tools)}.`]),
    ...(isKey ? [] : [`No call with a key '${excerpt(key)}' is in the audit; there are ${listOf(keys)}.`]),
  ];
}

/** Maximum number of names that a hint lists. */
const MAX_NAMES = 20;

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none at all';
  const more = names.length > MAX_NAMES ? ', …' : '';
  return `calls of ${names
    .slice(0, MAX_NAMES)
    .map((name) => excerpt(name))
    .join(', ')}${more}`;
}

function readSince(text: string, now: number): number {
  const time = readMoment(text, now, -1);
  if (!Number.isNaN(time)) return time;
  throw new StartupError(
    `--since is '${excerpt(text)}'; write a duration such as 30s, 15m, 8h or 7d, or a time such as 2026-01-31T12:00:00Z.`,
  );
}
