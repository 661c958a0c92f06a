import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { showInvisible, showName } from '../../format/show-invisible.ts';
import { readDiff } from '../../parts/diff-files.ts';
import { Notice } from '../../parts/notice.tsx';
import { DiffView } from './diff-view.tsx';

/** Returns what a request is about, in one sentence. */
export function headlineOf({ kind, diff, unsandboxed }: Approval): string {
  switch (kind) {
    case 'edit':
      return describeEdit(diff);
    case 'command':
      return unsandboxed === true ? 'Run this command outside of the sandbox?' : 'Run this command?';
    case 'question':
      return 'The agent asks you something';
    case 'permission':
      return 'Give the agent further permissions?';
    case 'tool':
      return 'Let the agent use this tool?';
  }
}

/** Files that a headline names. */
const NAMED_FILES = 3;

const VERBS = { created: 'Create', deleted: 'Delete', edited: 'Edit', renamed: 'Rename' } as const;

function describeEdit(diff: string | undefined): string {
  const files = filesOf(diff);
  if (files.length === 0) return 'Make this edit?';
  const named = files.slice(0, NAMED_FILES).map(({ change, path }, index) => {
    const verb = index > 0 && files[index - 1]!.change === change ? '' : `${VERBS[change]} `;
    return `${index === 0 ? verb : verb.toLowerCase()}${showName(path)}`;
  });
  const more = files.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more files` : ''}?`;
}

function filesOf(diff = '') {
  try {
    return readDiff(diff);
  } catch {
    return [];
  }
}

/** Shows everything that is known about a request. */
export function ApprovalSubject({ approval }: { readonly approval: Approval }) {
  const { kind, diff, command, description, preview, unsandboxed } = approval;
  const words = wordsOf(approval);
  return (
    <>
      {unsandboxed === true && <Notice kind="warning">{showInvisible(description)}</Notice>}
      {unsandboxed !== true && words !== '' && (
        <p>
          The agent says: <q>{showInvisible(words)}</q>
        </p>
      )}
      {command !== undefined && <pre class="sessions-asked-command">$ {showInvisible(command)}</pre>}
      {folderOf(approval) !== '' && (
        <p class="muted">
          in <code>{showName(folderOf(approval))}</code>
        </p>
      )}
      {diff !== undefined && <DiffView diff={diff} />}
      {(kind === 'tool' || kind === 'permission') && preview !== '' && (
        <pre class="sessions-output">{showInvisible(preview)}</pre>
      )}
    </>
  );
}

/** Returns the agent's own words, which a description of an edit lacks. */
function wordsOf({ payload }: Approval): string {
  const words = payload.reason ?? payload.message;
  return typeof words === 'string' ? words : '';
}

function folderOf({ kind, payload: { cwd } }: Approval): string {
  return kind === 'command' && typeof cwd === 'string' ? cwd : '';
}
