import type { Environment } from '../../../app/config/config.ts';
import { readAudit, type AuditFlags } from '../../../app/tools/read-audit.ts';
import { excerpt } from '../../../base/excerpt.ts';
import { formatTime, withoutControls } from '../../../base/format-text.ts';
import { formatTable } from '../../format-table.ts';
import type { Terminal } from '../../terminal.ts';

/** An entry as its line has it. */
interface AuditLine {
  readonly time: string;
  readonly key: string;
  readonly assistant: string;
  readonly tool: string;
  readonly dry_run: boolean;
  readonly outcome: string;
  readonly ms: number;
  readonly request_id: string;
}

/** Prints the calls of the internal tools, oldest first: a table, or one JSON object a line. */
export async function auditCommand(
  flags: AuditFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const { lines, hints } = await readAudit(flags, environment);
  for (const hint of hints) terminal.complain(withoutControls(hint));
  if (!flags.json) terminal.print(formatEntries(lines));
  else for (const line of lines) terminal.print(escapeControls(line));
}

function formatEntries(lines: readonly string[]): string {
  const entries = lines.map((line) => JSON.parse(line) as AuditLine);
  return formatTable([
    ['TIME', 'KEY', 'ASSISTANT', 'TOOL', 'DRY RUN', 'OUTCOME', 'MS', 'REQUEST'],
    ...entries.map((entry) =>
      [
        formatTime(Date.parse(entry.time)),
        entry.key,
        entry.assistant,
        entry.tool,
        entry.dry_run ? 'yes' : 'no',
        entry.outcome,
        String(entry.ms),
        entry.request_id,
      ].map((cell) => withoutControls(excerpt(cell))),
    ),
  ]);
}

/** Escapes the characters that JSON may have as they are, and that a terminal obeys. */
function escapeControls(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(character)
      .flatMap((point) => point.split(''))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
