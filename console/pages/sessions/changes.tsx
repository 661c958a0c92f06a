import { useEffect } from 'preact/hooks';
import { showName } from '../../format/show-invisible.ts';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { DiffView } from './diff-view.tsx';
import type { TurnEndEntry } from './entries.ts';
import type { TranscriptView } from './transcript.ts';

interface ChangesProps {
  readonly sessionId: string;
  readonly view: TranscriptView;
  /** Id of the turn whose changes are shown; '' for those of the whole session. */
  readonly turn: string;
  onTurn(turn: string): void;
}

interface ChangesBody {
  readonly diff: string;
  readonly files: readonly { readonly path: string; readonly change: string; readonly type: string }[];
  readonly undo_skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Shows what the session, or one turn of it, changed on disk. */
export function Changes({ sessionId, view, turn, onTurn }: ChangesProps) {
  const query = turn === '' ? '' : `?turn=${turn}`;
  const { value, problem, reload } = useLoaded<ChangesBody>(`chat/sessions/${sessionId}/diff${query}`);
  useEffect(() => void reload(), [view.changes, reload]);
  const turns = view.entries.filter(
    (entry): entry is TurnEndEntry => entry.kind === 'turn-end' && !view.undone.has(entry.turnId),
  );
  return (
    <section aria-label="Changes on disk">
      <Field label="Changes of">
        <select value={turn} onChange={(event) => onTurn(event.currentTarget.value)}>
          <option value="">The whole session</option>
          {turns.map(({ turnId }, index) => (
            <option key={turnId} value={turnId}>
              Turn {index + 1}
            </option>
          ))}
        </select>
      </Field>
      {view.status === 'running' && (
        <Notice kind="info">A turn runs. What it changes on disk is shown here when it has ended.</Notice>
      )}
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      {value === undefined && problem === '' && <p class="muted">Loading…</p>}
      {value !== undefined && problem === '' && <ChangesOf body={value} />}
    </section>
  );
}

function ChangesOf({ body: { diff, files, undo_skipped: skipped } }: { readonly body: ChangesBody }) {
  const others = files.filter(({ type }) => type !== 'file' && type !== 'link');
  return (
    <>
      <p class="muted" role="status">
        {files.length === 0 ? 'Nothing has changed on disk.' : `${files.length} changed on disk.`}
      </p>
      {others.map(({ path, change, type }) => (
        <p key={path}>
          <code>{showName(path)}</code>{' '}
          <span class="muted">
            {type}, {change}
          </span>
        </p>
      ))}
      {skipped.length > 0 && (
        <Notice kind="warning">
          A limit left out {skipped.length} paths, such as {showName(skipped[0]!.path)}: {skipped[0]!.reason}
        </Notice>
      )}
      {diff !== '' && <DiffView diff={diff} />}
    </>
  );
}
