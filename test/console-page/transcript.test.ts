import { expect, it } from 'vitest';
import { createTranscript, type Transcript } from '../../console/pages/sessions/transcript.ts';
import type { SessionEvent } from '../../src/sessions/events/session-event.ts';
import type { SessionBody } from '../../src/sessions/events/session-shape.ts';

let id = 0;

function add(transcript: Transcript, type: SessionEvent['type'], fields: object): void {
  id += 1;
  transcript.add({ type, id, created_at: 1_000 * id, turn_id: 't', ...fields } as unknown as SessionEvent);
}

const message = (role: string, text: string, messageId = text) => ({
  message: { id: messageId, role, text, turn_id: 't', created_at: 1 },
});

const textsOf = (transcript: Transcript) =>
  transcript.view().entries.map((entry) => ('text' in entry ? entry.text : entry.kind));

function sessionWith(fields: object): SessionBody {
  return {
    status: 'idle',
    queue_position: 0,
    last_error: null,
    messages: [],
    pending_approvals: [],
    ...fields,
  } as unknown as SessionBody;
}

it('an answer that comes in pieces, as an item and as a message, is shown once', () => {
  const transcript = createTranscript();
  add(transcript, 'message.added', message('user', 'Hi'));
  add(transcript, 'item.agent_message.delta', { item_id: 'm', delta: 'Hel' });
  expect(textsOf(transcript)).toEqual(['Hi', 'Hel']);
  add(transcript, 'item.agent_message.delta', { item_id: 'm', delta: 'lo' });
  add(transcript, 'item.completed', { item: { id: 'm', type: 'agentMessage', text: 'Hello' } });
  add(transcript, 'message.added', message('assistant', 'Hello'));
  expect(textsOf(transcript)).toEqual(['Hi', 'Hello']);
});

it('messages that are older than every event come before them, and none comes twice', () => {
  const transcript = createTranscript();
  add(transcript, 'message.added', message('user', 'Now', 'two'));
  const messages = [message('user', 'Earlier', 'one').message, message('user', 'Now', 'two').message];
  transcript.load(sessionWith({ messages }));
  expect(textsOf(transcript)).toEqual(['Earlier', 'Now']);
});

it('a command shows its output as it comes, and keeps the beginning that its item has lost', () => {
  const transcript = createTranscript();
  const item = { id: 'c', type: 'commandExecution', command: 'make', status: 'inProgress' };
  add(transcript, 'item.started', { item });
  add(transcript, 'command.execution.output', { item_id: 'c', delta: 'first ', left_out: 0 });
  add(transcript, 'command.execution.output', { item_id: 'c', delta: 'last', left_out: 7 });
  const done = { ...item, status: 'failed', exitCode: 2, aggregatedOutput: 'last', durationMs: 5 };
  add(transcript, 'item.completed', { item: done });
  expect(transcript.view().entries).toMatchObject([
    { kind: 'command', output: 'first \n… 7 bytes left out …\nlast', status: 'failed', exitCode: 2 },
  ]);
});

it('a request waits until it is answered, also if the answer is heard before the session is read', () => {
  const transcript = createTranscript();
  const approval = { request_id: 'r', kind: 'command', command: 'rm x', description: '', payload: {} };
  add(transcript, 'approval.requested', { approval });
  expect(transcript.view().approvals).toEqual([approval]);
  const answer = { request_id: 'r', decision: 'deny', by: 'gateway', reason: 'It lies outside.' };
  add(transcript, 'approval.responded', answer);
  transcript.load(sessionWith({ pending_approvals: [approval] }));
  expect(transcript.view().approvals).toEqual([]);
  expect(textsOf(transcript)).toEqual(['The gateway declined a command (rm x). It lies outside.']);
});

it('a turn that was undone counts as such, and so do those after it', () => {
  const transcript = createTranscript();
  add(transcript, 'turn.started', {});
  add(transcript, 'turn.completed', { status: 'completed' });
  const { changes } = transcript.view();
  add(transcript, 'turn.undone', { turns: ['t', 'u'], files: ['a', 'b'] });
  expect(transcript.view().undone).toEqual(new Set(['t', 'u']));
  expect(transcript.view().changes).toBeGreaterThan(changes);
  expect(textsOf(transcript)).toEqual(['turn-end', 'Undone. Put back: a, b']);
});

const edit = (itemId: string, status: string, kind = 'add') => ({
  item: { id: itemId, type: 'fileChange', status, changes: [{ path: '/w/a.txt', kind: { type: kind } }] },
});

it('what runs when its turn is stopped is shown as stopped, and not as running for good', () => {
  const transcript = createTranscript();
  add(transcript, 'turn.started', {});
  add(transcript, 'item.started', edit('e', 'inProgress'));
  add(transcript, 'item.agent_message.delta', { item_id: 'm', delta: 'I be' });
  add(transcript, 'turn.completed', { status: 'interrupted' });
  const stopped = [
    { kind: 'edit', status: 'stopped' },
    { kind: 'answer', isWhole: true },
    { kind: 'turn-end' },
  ];
  expect(transcript.view().entries).toMatchObject(stopped);
  add(transcript, 'item.completed', edit('e', 'inProgress'));
  expect(transcript.view().entries).toMatchObject(stopped);
});

it('a message that waits for the end of the turn is shown after it, and begins its own turn', () => {
  const transcript = createTranscript();
  const of = (turn: string) => ({ turn_id: turn });
  const asked = (text: string, turn: string) => ({
    turn_id: turn,
    message: { ...message('user', text).message, turn_id: turn },
  });
  add(transcript, 'message.added', asked('First', 'one'));
  add(transcript, 'turn.started', of('one'));
  add(transcript, 'message.added', asked('Later', 'two'));
  add(transcript, 'message.added', asked('To this turn', 'one'));
  add(transcript, 'item.started', { ...of('one'), ...edit('e', 'inProgress') });
  expect(textsOf(transcript)).toEqual(['First', 'To this turn', 'edit', 'Later']);
  expect(transcript.view().entries.at(-1)).toMatchObject({ text: 'Later', waits: true });
  add(transcript, 'turn.completed', { ...of('one'), status: 'completed' });
  add(transcript, 'turn.started', of('two'));
  add(transcript, 'item.agent_message.delta', { ...of('two'), item_id: 'm', delta: 'Yes' });
  expect(textsOf(transcript)).toEqual(['First', 'To this turn', 'edit', 'turn-end', 'Later', 'Yes']);
  expect(transcript.view().entries[4]).not.toHaveProperty('waits', true);
});

it('the time of a turn is that of its work, and the wait for a person is named apart', () => {
  const transcript = createTranscript();
  const approval = { request_id: 'r', kind: 'command', command: 'ls', description: '', payload: {} };
  add(transcript, 'turn.started', { created_at: 10_000 });
  add(transcript, 'approval.requested', { created_at: 11_000, approval });
  const answer = { request_id: 'r', decision: 'allow', by: 'client' };
  add(transcript, 'approval.responded', { created_at: 30_000, ...answer });
  add(transcript, 'turn.completed', { created_at: 31_500, status: 'completed' });
  expect(transcript.view().entries.at(-1)).toMatchObject({ durationMs: 2_500, waitedMs: 19_000 });
});

it('only a turn that has done something can be undone', () => {
  const transcript = createTranscript();
  add(transcript, 'turn.completed', { turn_id: 'old', status: 'completed' });
  add(transcript, 'turn.started', {});
  add(transcript, 'item.completed', { item: { id: 'm', type: 'agentMessage', text: 'Hello' } });
  add(transcript, 'item.completed', edit('e', 'declined'));
  add(transcript, 'turn.completed', { status: 'completed' });
  add(transcript, 'turn.started', { turn_id: 'next' });
  add(transcript, 'item.completed', { turn_id: 'next', ...edit('e', 'completed') });
  add(transcript, 'turn.completed', { turn_id: 'next', status: 'completed' });
  const ends = transcript.view().entries.filter(({ kind }) => kind === 'turn-end');
  expect(ends).toMatchObject([{ mayHaveChanged: true }, { mayHaveChanged: false }, { mayHaveChanged: true }]);
});

it('a file is new once: the next patch of it, and one of a file that was there, is an edit', () => {
  const changesOf = (transcript: Transcript) =>
    transcript.view().entries.flatMap((entry) => (entry.kind === 'edit' ? entry.files : []));
  const transcript = createTranscript();
  add(transcript, 'item.completed', edit('one', 'completed'));
  add(transcript, 'item.completed', edit('two', 'completed'));
  expect(changesOf(transcript)).toMatchObject([{ change: 'add' }, { change: 'update' }]);

  const other = createTranscript();
  add(other, 'item.started', edit('one', 'inProgress'));
  const diff = '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n';
  const approval = { request_id: 'r', kind: 'edit', description: '', turn_id: 't', diff };
  add(other, 'approval.requested', { approval: { ...approval, payload: { itemId: 'one' } } });
  expect(changesOf(other)).toMatchObject([{ change: 'update' }]);
});

it('an undo says which files it has deleted', () => {
  const transcript = createTranscript();
  add(transcript, 'item.completed', edit('one', 'completed'));
  add(transcript, 'item.completed', edit('two', 'completed'));
  add(transcript, 'turn.undone', { files: ['a.txt', 'b.txt'] });
  expect(textsOf(transcript).at(-1)).toBe('Undone. Put back: b.txt. Deleted again: a.txt');
});
