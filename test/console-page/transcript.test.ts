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
  const approval = { request_id: 'r', kind: 'command', command: 'rm x', description: '' };
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
