import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { showInvisible, showName } from '../format/show-invisible.ts';
import { pairLines, readDiff, type DiffFile, type DiffLine, type DiffPair } from './diff-files.ts';
import { Badge } from './badge.tsx';
import './diff.css';

export type DiffLayout = 'unified' | 'split';

interface DiffProps {
  /** Unified diff as git writes it. */
  readonly diff: string;
  readonly layout: DiffLayout;
}

/** Lines up to which a diff is shown whole; of a larger one, only the first file is open. */
const OPEN_LINES = 1_500;

/** Shows a diff, file by file. What is in it is text alone and never becomes HTML. */
export function Diff({ diff, layout }: DiffProps) {
  const files = useMemo(() => parseDiff(diff), [diff]);
  if (files === undefined) return <pre class="diff-plain">{showInvisible(diff)}</pre>;
  const isLarge = files.reduce((sum, { lines }) => sum + lines.length, 0) > OPEN_LINES;
  return (
    <div class="diff">
      {files.map((file, index) => (
        <FileDiff
          key={`${index} ${file.path}`}
          file={file}
          layout={layout}
          isOpenFirst={!isLarge || index === 0}
        />
      ))}
    </div>
  );
}

/** Returns undefined for any other text. */
function parseDiff(diff: string): DiffFile[] | undefined {
  try {
    return readDiff(diff);
  } catch {
    return undefined;
  }
}

const CHANGES = { created: 'new file', deleted: 'deleted', edited: 'edited', renamed: 'renamed' } as const;
const KINDS = { created: 'good', deleted: 'bad', edited: 'plain', renamed: 'warning' } as const;

interface FileDiffProps {
  readonly file: DiffFile;
  readonly layout: DiffLayout;
  readonly isOpenFirst: boolean;
}

function FileDiff({ file, layout, isOpenFirst }: FileDiffProps) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const { path, from, change, added, removed, lines, remark } = file;
  return (
    <section class="diff-file" aria-label={showName(path)}>
      <h3 class="diff-head">
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span class="diff-path">
            {from !== null && `${showName(from)} → `}
            {showName(path)}
          </span>
          <Badge kind={KINDS[change]}>{CHANGES[change]}</Badge>
          <span class="diff-count">
            <span class="added">+{added}</span> <span class="removed">−{removed}</span>
          </span>
        </button>
      </h3>
      {isOpen && remark !== '' && <p class="diff-remark muted">{remark}</p>}
      {isOpen && lines.length > 0 && <Lines key={layout} lines={lines} layout={layout} />}
    </section>
  );
}

/** Rows in one piece of a file, and in those that are made at once. */
const PIECE_ROWS = 200;
const FIRST_ROWS = 600;

function Lines({ lines, layout }: { readonly lines: readonly DiffLine[]; readonly layout: DiffLayout }) {
  const rows = useMemo<readonly DiffPair[]>(
    () => (layout === 'split' ? pairLines(lines) : lines.map((line) => [line, line])),
    [lines, layout],
  );
  const [shown, setShown] = useState(FIRST_ROWS);
  const pieces: (readonly DiffPair[])[] = [];
  const end = Math.min(shown, rows.length);
  for (let from = 0; from < end; from += PIECE_ROWS)
    pieces.push(rows.slice(from, Math.min(from + PIECE_ROWS, end)));
  return (
    <>
      {pieces.map((piece, index) => (
        <Piece key={index} rows={piece} layout={layout} />
      ))}
      {rows.length > shown && (
        <More count={rows.length - shown} onMore={() => setShown((count) => count + FIRST_ROWS)} />
      )}
    </>
  );
}

/** Shows that there are further lines, and asks for them as soon as it comes into view. */
function More({ count, onMore }: { readonly count: number; onMore(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) onMore();
    });
    observer.observe(button.current!);
    return () => observer.disconnect();
  });
  return (
    <button ref={button} type="button" class="button quiet diff-more" onClick={onMore}>
      {count} more lines
    </button>
  );
}

const COLUMNS = {
  unified: ['diff-number', 'diff-number', 'diff-sign', ''],
  split: ['diff-number', 'diff-sign', '', 'diff-number', 'diff-sign', ''],
} as const;

function Piece({ rows, layout }: { readonly rows: readonly DiffPair[]; readonly layout: DiffLayout }) {
  return (
    <div class="diff-piece">
      <table class="diff-lines">
        <colgroup>
          {COLUMNS[layout].map((name, index) => (
            <col key={index} class={name} />
          ))}
        </colgroup>
        <tbody>
          {rows.map(([left, right], index) =>
            layout === 'split' ? (
              <SplitRow key={index} left={left} right={right} />
            ) : (
              <UnifiedRow key={index} line={left!} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

const SIGNS = { added: '+', removed: '−', same: '', gap: '' } as const;

function UnifiedRow({ line }: { readonly line: DiffLine }) {
  const { kind, oldNumber, newNumber } = line;
  if (kind === 'gap') return <GapRow text={line.text} columns={4} />;
  return (
    <tr class={`diff-row ${kind}`}>
      <td class="diff-number">{oldNumber}</td>
      <td class="diff-number">{newNumber}</td>
      <td class="diff-sign">{SIGNS[kind]}</td>
      <td class="diff-text">{showInvisible(line.text)}</td>
    </tr>
  );
}

function SplitRow({
  left,
  right,
}: {
  readonly left: DiffLine | undefined;
  readonly right: DiffLine | undefined;
}) {
  if (left?.kind === 'gap') return <GapRow text={left.text} columns={6} />;
  return (
    <tr class="diff-row">
      <Half line={left} number={left?.oldNumber} />
      <Half line={right} number={right?.newNumber} />
    </tr>
  );
}

function Half({
  line,
  number,
}: {
  readonly line: DiffLine | undefined;
  readonly number: number | null | undefined;
}) {
  const kind = line?.kind ?? 'none';
  return (
    <>
      <td class={`diff-number ${kind}`}>{number}</td>
      <td class={`diff-sign ${kind}`}>{line && SIGNS[line.kind]}</td>
      <td class={`diff-text ${kind}`}>{line && showInvisible(line.text)}</td>
    </>
  );
}

function GapRow({ text, columns }: { readonly text: string; readonly columns: number }) {
  return (
    <tr class="diff-row gap">
      <td colSpan={columns}>{text}</td>
    </tr>
  );
}
