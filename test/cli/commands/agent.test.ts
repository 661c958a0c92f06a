import { describe, expect, it } from 'vitest';
import { userEnvironment } from '../../support/command-line.ts';
import { runMain, type TestPerson } from '../../support/run-main.ts';
import { startScriptedSessions, type ScriptedEvent } from '../../support/scripted-sessions.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const say = (delta: string, id = 'msg_1') => ({ type: 'item.agent_message.delta', item_id: id, delta });
const completed = (item: object) => ({ type: 'item.completed', item });
const started = (item: object) => ({ type: 'item.started', item });
const end = (status = 'completed', error?: string) => ({ type: 'turn.completed', status, error });
const patch = {
  id: 'call_1',
  type: 'fileChange',
  changes: [{ path: '/ws/a.txt', kind: { type: 'add' }, diff: 'new\n' }],
};
const DIFF = '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n';
const ask = (fields: object) => ({
  type: 'approval.requested',
  approval: {
    request_id: 'r1',
    kind: 'edit',
    title: 'Allow workspace edit?',
    description: '',
    payload: { itemId: 'call_1' },
    ...fields,
  },
});
const EDIT = ask({ diff: DIFF });
const COMMAND = ask({
  kind: 'command',
  title: 'Allow command execution?',
  command: "/bin/bash -lc 'make test'",
  diff: undefined,
});
const responded = (fields: object) => ({
  type: 'approval.responded',
  request_id: 'r1',
  decision: 'deny',
  ...fields,
});

interface AgentTest {
  readonly steps: readonly (readonly ScriptedEvent[])[];
  readonly args?: readonly string[];
  readonly person?: TestPerson;
  readonly variables?: Record<string, string>;
  readonly session?: object;
  readonly refuse?: NonNullable<Parameters<typeof startScriptedSessions>[1]['refuse']>;
}

async function runAgent({ args = [], person, variables = {}, ...script }: AgentTest) {
  const environment = { ...userEnvironment(temporaryFolder()), ...variables };
  const server = await startScriptedSessions(environment, script);
  const outcome = await runMain(['agent', ...args, 'do', 'this'], environment, [], person);
  const answers = server.sent.filter(([path]) => path === '/approvals').map(([, body]) => body);
  // The terminal of a test takes each piece for a line.
  return { ...outcome, printed: outcome.printed.replaceAll('\n\n', '\n'), answers, server };
}

describe('agent at a terminal', () => {
  it('prints text as it comes, commands with their output, and each edit as a coloured diff that is asked about', async () => {
    const { code, printed, answers, server } = await runAgent({
      steps: [
        [
          say('Hel'),
          say('lo'),
          started({ id: 'c1', type: 'commandExecution', command: "/bin/bash -lc 'ls -a'" }),
          { type: 'command.execution.output', item_id: 'c1', delta: 'a.txt\n', left_out: 0 },
          completed({ id: 'c1', type: 'commandExecution', exitCode: 2, aggregatedOutput: 'a.txt\n' }),
          started(patch),
          EDIT,
        ],
        [
          responded({ decision: 'allow', by: 'client' }),
          completed({ ...patch, status: 'completed' }),
          say('Done.', 'msg_2'),
          end(),
        ],
      ],
      person: { answers: ['what?', 'y'] },
      args: ['--review', 'commands', '-m', 'gpt-5.5'],
    });
    expect(code).toBe(0);
    expect(printed).toContain('Hel\nlo');
    expect(printed).toContain('\u001B[1m$ ls -a\u001B[0m');
    // An output that has come in pieces is not printed again as a whole.
    expect(printed.match(/a\.txt\n/g)).toHaveLength(1);
    expect(printed).toContain('(exit code 2)');
    expect(printed).toContain('\u001B[31m-one\u001B[0m\n\u001B[32m+two\u001B[0m');
    expect(printed.match(/y \/ n \/ always \/ stop\?/g)).toHaveLength(2);
    expect(printed).toMatch(/Changed: a\.txt[^]*Done\./);
    expect(answers).toEqual([{ request_id: 'r1', decision: 'allow' }]);
    expect(server.sent[0]).toEqual([
      '',
      { review: 'commands', model: 'gpt-5.5', workspace_root: process.cwd() },
    ]);
    expect(server.sent[1]).toEqual(['/messages', { message: 'do this' }]);
  });

  it.each([
    ['n', 'deny'],
    ['always', 'allow_session'],
    ['stop', 'cancel'],
    [undefined, 'deny'],
  ])('answers %s with the decision %s', async (answer, decision) => {
    const { code, answers } = await runAgent({
      steps: [[EDIT], [end()]],
      person: { answers: answer === undefined ? [] : [answer] },
    });
    expect([code, answers]).toEqual([0, [{ request_id: 'r1', decision }]]);
  });

  it('never allows a command outside of the sandbox for the session', async () => {
    const command = { ...COMMAND.approval, unsandboxed: true };
    const { printed, answers } = await runAgent({
      steps: [[{ ...COMMAND, approval: command }], [end()]],
      person: { answers: ['always', 'n'] },
    });
    expect(printed).toMatch(/\$ make test[^]*would leave the sandbox, so it is allowed for this time only/);
    expect(printed.match(/y \/ n \/ stop\?/g)).toHaveLength(2);
    expect(answers).toMatchObject([{ decision: 'deny' }]);
  });

  it('lets the agent use tools, shows what one would do, and offers nothing for the session that is allowed once alone', async () => {
    const tool = { kind: 'tool', description: 'Run tests?', preview: '{"targets":["unit"]}', once: true };
    const { printed, answers, server } = await runAgent({
      steps: [[ask(tool)], [end()]],
      args: ['--tools'],
      person: { answers: ['always', 'y'] },
    });
    expect(server.sent[0]).toEqual(['', { tools: true, workspace_root: process.cwd() }]);
    expect(printed).toContain('{"targets":["unit"]}');
    expect(printed.match(/y \/ n \/ stop\?/g)).toHaveLength(2);
    expect(answers).toMatchObject([{ decision: 'allow' }]);
  });

  it('asks the questions of the agent, whose answers are numbers or words', async () => {
    const questions = [
      {
        id: 'q1',
        question: 'Which colour?',
        options: [{ label: 'Red' }, { label: 'Blue', description: 'calm' }],
      },
      { id: 'q2', question: 'Why?' },
    ];
    const { printed, answers } = await runAgent({
      steps: [[ask({ kind: 'question', payload: { itemId: 'q', questions } })], [end()]],
      person: { answers: ['2', 'Because'] },
    });
    expect(printed).toMatch(
      /Which colour\?\n1\. Red\n2\. Blue: calm[^]*Number or answer: [^]*Why\?[^]*Answer: /,
    );
    expect(answers).toEqual([
      { request_id: 'r1', decision: 'allow', answers: { q1: ['Blue'], q2: ['Because'] } },
    ]);
  });

  it('asks no more about what has been decided elsewhere or in another way', async () => {
    const { code, printed, answers } = await runAgent({
      steps: [
        [
          EDIT,
          responded({ by: 'timeout' }),
          responded({ request_id: 'r2', by: 'gateway', reason: 'It lies outside.' }),
          end(),
        ],
      ],
      person: { answers: [() => new Promise(() => {})] },
    });
    expect([code, answers]).toEqual([0, []]);
    expect(printed).toContain('Declined, because nobody answered in time.');
    expect(printed).toContain('Declined by the gateway: It lies outside.');
  });

  it('has no colours with NO_COLOR, and shows control characters instead of obeying them', async () => {
    const evil = '+safe\u001B[2K\u202Eevil\r\n';
    const { printed } = await runAgent({
      steps: [[ask({ diff: evil })], [end()]],
      person: { answers: ['n'] },
      variables: { NO_COLOR: '1' },
    });
    expect(printed).toContain('+safe\u241B[2K<U+202E>evil');
    expect(['\u001B', '\u202E', '\r'].filter((sign) => printed.includes(sign))).toEqual([]);
  });
});

describe('agent without a terminal', () => {
  it('prints what the agent says alone on standard output, and declines what it cannot ask', async () => {
    const edit = completed({ ...patch, id: 'call_2', status: 'completed' });
    const { code, printed, complained, answers } = await runAgent({
      steps: [
        [say('Hello.\n'), EDIT],
        [responded({ by: 'client' }), completed({ ...patch, status: 'declined' }), edit, end()],
      ],
    });
    expect([code, printed]).toEqual([0, 'Hello.\n']);
    expect(answers).toEqual([{ request_id: 'r1', decision: 'deny' }]);
    expect(complained).toContain('+two\n');
    expect(complained).toMatch(/Declined, because there is no terminal to ask at; with --review none/);
    expect(complained).toMatch(/Declined; nothing was written: a\.txt/);
    expect(complained).toMatch(/--- \/dev\/null\n\+\+\+ b\/a\.txt\n\+new\n/);
    expect(complained).not.toContain('\u001B');
  });

  it('prints each event as a line of JSON, and declines edits', async () => {
    const { code, printed, complained, answers } = await runAgent({
      steps: [[say('Hello'), EDIT], [end()]],
      args: ['--json'],
    });
    expect([code, complained]).toEqual([0, '']);
    const events = printed.split('\n').map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toEqual([
      'session.created',
      'item.agent_message.delta',
      'approval.requested',
      'turn.completed',
    ]);
    expect(answers).toEqual([{ request_id: 'r1', decision: 'deny' }]);
  });

  it.each<[ScriptedEvent, number, string]>([
    [end('failed', 'The provider is gone.'), 1, 'The provider is gone.'],
    [end('interrupted'), 130, 'The turn was interrupted.'],
    [{ type: 'session.updated', status: 'error', last_error: 'No Codex.' }, 1, 'No Codex.'],
  ])('ends by %o with the exit code %i', async (event, exitCode, words) => {
    const { code, complained } = await runAgent({ steps: [[event]] });
    expect([code, complained.split('\n').at(-1)]).toEqual([exitCode, `codex-gateway: ${words}`]);
  });

  it('takes up a stream that breaks off, and loses and repeats nothing', async () => {
    const { code, printed, server } = await runAgent({ steps: [[say('Hel'), 'cut', say('lo'), end()]] });
    expect([code, printed]).toEqual([0, 'Hel\nlo\n']);
    expect(server.taken).toEqual(['0', '1']);
  });

  it('reads the session where events are missing', async () => {
    const { code, answers } = await runAgent({
      steps: [[{ type: 'resync', reason: 'events_gone' }], [end()]],
      session: { pending_approvals: [EDIT.approval] },
    });
    expect([code, answers]).toEqual([0, [{ request_id: 'r1', decision: 'deny' }]]);
  });
});

describe('agent and its folder', () => {
  const outside = { status: 403, body: { ok: false, error: 'This folder lies outside.' } };

  it('works in the first folder of the gateway if the current one is none of its own', async () => {
    const { code, server } = await runAgent({
      steps: [[end()]],
      refuse: (path, body) => (path === '' && 'workspace_root' in body ? outside : undefined),
    });
    expect([code, server.sent[1]]).toEqual([0, ['', {}]]);
  });

  it.each([
    [
      404,
      { ok: false, error: 'Agent sessions are off.' },
      /Nobody has named a folder for agents: pass one with --workspace/,
    ],
    [
      403,
      { error: { message: 'This token has no scope sessions.' } },
      /: This token has no scope sessions\.$/,
    ],
  ])('says what is missing after a %i', async (status, body, expected) => {
    const { code, complained } = await runAgent({ steps: [], refuse: () => ({ status, body }) });
    expect([code, complained]).toEqual([1, expect.stringMatching(expected)]);
  });

  it('refuses a wrong --review and a task without words before anything starts', async () => {
    const environment = userEnvironment(temporaryFolder());
    const wrong = await runMain(['agent', '--review', 'all', 'x'], environment);
    expect(wrong.complained).toMatch(/--review is 'all', but it has to be one of edits, commands, none\.$/);
    expect((await runMain(['agent', ' '], environment)).complained).toMatch(/There is nothing to do/);
  });
});
