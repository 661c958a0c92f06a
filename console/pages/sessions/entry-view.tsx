import { useMemo } from 'preact/hooks';
import { formatDuration } from '../../format/format-time.ts';
import { showInvisible, showName, showOutput } from '../../format/show-invisible.ts';
import { Badge } from '../../parts/badge.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import type { CommandEntry, EditEntry, Entry, TextEntry, ToolEntry } from './entries.ts';

interface EntryViewProps {
  readonly entry: Entry;
  /** Folder of the session, to which paths are relative. */
  readonly workspace: string;
}

/** Shows one entry of a transcript. It is made again only when the entry is another one. */
export function EntryView({ entry, workspace }: EntryViewProps) {
  return useMemo(() => showEntry(entry, workspace), [entry, workspace]);
}

function showEntry(entry: Entry, workspace: string) {
  switch (entry.kind) {
    case 'user':
      return <UserMessage entry={entry} />;
    case 'answer':
      return <Markdown text={showInvisible(entry.text)} />;
    case 'reasoning':
      return <Reasoning entry={entry} />;
    case 'command':
      return <Command entry={entry} />;
    case 'edit':
      return <Edit entry={entry} workspace={workspace} />;
    case 'tool':
      return <Tool entry={entry} />;
    case 'note':
      return <p class={`sessions-note ${entry.tone}`}>{showInvisible(entry.text)}</p>;
    default:
      return null;
  }
}

function UserMessage({ entry: { text, files, waits } }: { readonly entry: TextEntry }) {
  return (
    <div class="sessions-user">
      <span class="visually-hidden">You: </span>
      {text}
      {waits === true && <p class="muted">Waits for the end of the turn that runs.</p>}
      {files.length > 0 && <p class="muted">With {files.map(showName).join(', ')}</p>}
    </div>
  );
}

function Reasoning({ entry: { text, isWhole } }: { readonly entry: TextEntry }) {
  if (text === '') return null;
  return (
    <details class="sessions-reasoning" open={!isWhole}>
      <summary>Reasoning</summary>
      <div>{text}</div>
    </details>
  );
}

/** Lines of output that are shown at first. */
const OUTPUT_LINES = 12;

function Command({ entry }: { readonly entry: CommandEntry }) {
  const { command, output, leftOut } = entry;
  const text = showOutput(output).trimEnd();
  const isLong = text.split('\n').length > OUTPUT_LINES;
  return (
    <section class="sessions-work" aria-label="Command">
      <p class="sessions-work-head">
        <code class="sessions-command">$ {showInvisible(command)}</code>
        <WorkState status={entry.status} exitCode={entry.exitCode} />
        {entry.durationMs !== null && <span class="muted">{formatDuration(entry.durationMs)}</span>}
      </p>
      {leftOut > 0 && <p class="muted">{leftOut} bytes of its output are not shown.</p>}
      {text !== '' && (
        <pre class={`sessions-output ${isLong ? 'long' : ''}`} tabIndex={isLong ? 0 : -1} aria-label="Output">
          {text}
        </pre>
      )}
    </section>
  );
}

interface EditProps {
  readonly entry: EditEntry;
  readonly workspace: string;
}

function Edit({ entry: { files, status }, workspace }: EditProps) {
  return (
    <section class="sessions-work" aria-label="Edit">
      {files.map(({ path, change }) => (
        <p key={path} class="sessions-work-head">
          <code>{showName(path.replaceAll(`${workspace}/`, ''))}</code>
          <span class="muted">{CHANGES[change] ?? change}</span>
          <WorkState status={status} exitCode={null} />
        </p>
      ))}
    </section>
  );
}

const CHANGES: Readonly<Record<string, string>> = { add: 'new file', delete: 'deleted', update: 'edited' };

function Tool({ entry: { name, input, output, status } }: { readonly entry: ToolEntry }) {
  return (
    <section class="sessions-work" aria-label="Tool">
      <p class="sessions-work-head">
        <strong>{showName(name)}</strong>
        <WorkState status={status} exitCode={null} />
      </p>
      {input !== '' && <pre class="sessions-output">{showInvisible(input)}</pre>}
      {output !== '' && <pre class="sessions-output">{showInvisible(output)}</pre>}
    </section>
  );
}

function WorkState({ status, exitCode }: { readonly status: string; readonly exitCode: number | null }) {
  if (status === 'inProgress') return <Badge>running</Badge>;
  if (status === 'stopped') return <Badge kind="warning">stopped</Badge>;
  if (status === 'declined') return <Badge kind="warning">declined</Badge>;
  if (exitCode !== null && exitCode !== 0) return <Badge kind="bad">exit code {exitCode}</Badge>;
  return status === 'failed' ? <Badge kind="bad">failed</Badge> : <Badge kind="good">done</Badge>;
}
