import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import type { AgentChange, AgentRequest, RequestAnswer } from '../../../src/conversation/ports/agent.ts';
import {
  SessionApprovals,
  type SessionApprovalsOptions,
} from '../../../src/sessions/approvals/session-approvals.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => void vi.useRealTimers());

let count = 0;

/** A request of a fake agent, and the answer that it gets. */
function requestOf(given: Partial<AgentRequest>) {
  count += 1;
  const { promise: answered, resolve: answer } = Promise.withResolvers<RequestAnswer>();
  const request: AgentRequest = {
    id: `request-${count}`,
    kind: 'edit',
    method: 'item/fileChange/requestApproval',
    turnId: 'turn-1',
    itemId: `item-${count}`,
    changes: [],
    isEscalated: false,
    payload: {},
    answer,
    ...given,
  };
  return { request, answered };
}

function command(text: string, given: Partial<AgentRequest> = {}) {
  return requestOf({ kind: 'command', payload: { command: text, cwd: '/work' }, ...given });
}

function add(path: string, diff = 'one\n'): AgentChange {
  return { path, kind: { type: 'add' }, diff };
}

function completed(request: AgentRequest, status: string) {
  const item = { id: request.itemId!, type: 'fileChange', status };
  return { type: 'item-completed', turnId: request.turnId, item } as const;
}

/** The approvals of a session in an empty folder, and everything that comes of them. */
function session(given: Partial<SessionApprovalsOptions> = {}) {
  const workspace = temporaryFolder();
  const events: Record<string, unknown>[] = [];
  const told: string[] = [];
  const ended: string[] = [];
  const waits: boolean[] = [];
  let heard = Promise.withResolvers<void>();
  const approvals = new SessionApprovals({
    workspace,
    review: 'edits',
    sandbox: 'workspace-write',
    forbidden: [],
    readOnly: [],
    allowsUnsandboxed: false,
    timeoutMs: 600_000,
    events: {
      add: (type, fields) => void events.push({ type, ...fields }),
      announce: () => {
        heard.resolve();
        heard = Promise.withResolvers();
      },
    },
    tell: async (text) => told.push(text),
    endTurn: async () => void ended.push('turn'),
    onWaiting: (isWaiting) => void waits.push(isWaiting),
    ...given,
  });
  /** Asks, and resolves once the request waits or has been decided. */
  const ask = async ({ request }: { readonly request: AgentRequest }) => {
    const { promise } = heard;
    approvals.ask(request);
    await promise;
  };
  return { workspace, approvals, ask, events, told, ended, waits };
}

it('an edit is shown as a diff with relative paths, and is allowed when a client allows it', async () => {
  const { workspace, approvals, ask, events, told } = session();
  const edit = requestOf({ changes: [add(join(workspace, 'a.txt'))] });
  await ask(edit);
  const diff =
    'diff --git a/a.txt b/a.txt\nnew file mode 100644\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1,1 @@\n+one\n';
  expect(approvals.list()).toMatchObject([
    {
      request_id: edit.request.id,
      kind: 'edit',
      diff,
      preview: diff,
      description: 'a.txt',
      turn_id: 'turn-1',
    },
  ]);
  expect(approvals.list()[0]).not.toHaveProperty('unsandboxed');
  await approvals.answer(undefined, { decision: 'allow' });
  expect(await edit.answered).toEqual({ decision: 'allow' });
  expect(approvals.list()).toEqual([]);
  expect(events).toMatchObject([
    { type: 'approval.requested', turn_id: 'turn-1', approval: { diff } },
    { type: 'approval.responded', request_id: edit.request.id, decision: 'allow', by: 'client' },
  ]);
  expect(told).toEqual([]);
});

it('requests are answered in any order, each once', async () => {
  const { approvals, ask, waits } = session({ review: 'commands' });
  const [one, two] = [command('one'), command('two')];
  await ask(one);
  await ask(two);
  expect(approvals.list().map(({ command: text }) => text)).toEqual(['one', 'two']);
  await approvals.answer(two.request.id, { decision: 'deny' });
  expect(await two.answered).toEqual({ decision: 'deny' });
  expect(waits).toEqual([true]);
  await approvals.answer(one.request.id, { decision: 'allow' });
  expect(await one.answered).toEqual({ decision: 'allow' });
  expect(waits).toEqual([true, false]);
  await expect(approvals.answer(one.request.id, { decision: 'allow' })).rejects.toMatchObject({
    code: 'approval_not_pending',
  });
  await expect(approvals.answer(undefined, { decision: 'allow' })).rejects.toMatchObject({
    code: 'approval_not_pending',
  });
});

it.each([
  ['a path outside', () => '/elsewhere/a.txt', 'lies outside the workspace'],
  ['a path with dots', (workspace: string) => `${workspace}/../a.txt`, 'lies outside the workspace'],
  ['a .git folder', (workspace: string) => `${workspace}/sub/.GIT/hooks/x`, 'lies in a .git folder'],
  ['a folder of the gateway', (workspace: string) => `${workspace}/own/a.txt`, 'belongs to the gateway'],
  ["Codex's own folder", (workspace: string) => `${workspace}/codex/config.toml`, 'belongs to the gateway'],
])('an edit of %s is declined without asking, and the model hears why', async (_, pathOf, reason) => {
  const workspace = temporaryFolder();
  const { approvals, ask, events, told } = session({
    workspace,
    forbidden: [join(workspace, 'own')],
    readOnly: [join(workspace, 'codex')],
  });
  const edit = requestOf({ changes: [add(join(workspace, 'good.txt')), add(pathOf(workspace))] });
  await ask(edit);
  expect(await edit.answered).toEqual({ decision: 'deny' });
  expect(approvals.list()).toEqual([]);
  expect(events).toMatchObject([
    {
      type: 'approval.responded',
      request_id: edit.request.id,
      decision: 'deny',
      by: 'gateway',
      reason: expect.stringContaining(reason),
      approval: { kind: 'edit' },
    },
  ]);
  expect(told).toEqual([expect.stringContaining(reason)]);
});

it('an edit of a session that only reads is declined without asking', async () => {
  const { workspace, ask, told } = session({ sandbox: 'read-only' });
  const edit = requestOf({ changes: [add(join(workspace, 'a.txt'))] });
  await ask(edit);
  expect(await edit.answered).toEqual({ decision: 'deny' });
  expect(told).toEqual([expect.stringContaining('This session can only read.')]);
});

it('folders that an allowed edit needs are made first, and stay when it is made', async () => {
  const { workspace, approvals, ask } = session();
  const edit = requestOf({ changes: [add(join(workspace, 'sub/deep/a.txt'))] });
  await ask(edit);
  expect(readdirSync(workspace)).toEqual([]);
  await approvals.answer(undefined, { decision: 'allow' });
  expect(existsSync(join(workspace, 'sub/deep'))).toBe(true);
  approvals.hear(completed(edit.request, 'completed'));
  approvals.hear({ type: 'turn-completed', turnId: 'turn-1', status: 'completed' });
  approvals.dropAll();
  expect(existsSync(join(workspace, 'sub/deep'))).toBe(true);
});

it.each([
  ['the edit fails', (request: AgentRequest) => completed(request, 'failed')],
  [
    'its turn ends without it',
    () => ({ type: 'turn-completed', turnId: 'turn-1', status: 'interrupted' }) as const,
  ],
])('folders that were made for an edit are removed when %s', async (_, eventOf) => {
  const { workspace, approvals, ask } = session();
  const edit = requestOf({ changes: [add(join(workspace, 'sub/deep/a.txt'))] });
  await ask(edit);
  await approvals.answer(undefined, { decision: 'allow' });
  approvals.hear(eventOf(edit.request));
  await expect.poll(() => readdirSync(workspace)).toEqual([]);
});

it('an edit is declined if its file has changed between its diff and the answer', async () => {
  const { workspace, approvals, ask, events, told } = session();
  writeFileSync(join(workspace, 'a.txt'), 'shown\n');
  const edit = requestOf({ changes: [add(join(workspace, 'a.txt'), 'new\n')] });
  await ask(edit);
  expect(approvals.list()[0]!.diff).toContain('-shown\n+new\n');
  writeFileSync(join(workspace, 'a.txt'), 'changed by somebody\n');
  await approvals.answer(undefined, { decision: 'allow' });
  expect(await edit.answered).toEqual({ decision: 'deny' });
  expect(events.at(-1)).toMatchObject({ decision: 'deny', by: 'gateway' });
  expect(told).toEqual([expect.stringContaining('The files have changed since it was shown.')]);
});

it('an edit is declined if its folder has become a link that leads out by the time it is allowed', async () => {
  const { workspace, approvals, ask, told } = session();
  mkdirSync(join(workspace, 'sub'));
  const edit = requestOf({ changes: [add(join(workspace, 'sub/a.txt'))] });
  await ask(edit);
  rmSync(join(workspace, 'sub'), { recursive: true });
  symlinkSync(temporaryFolder(), join(workspace, 'sub'));
  await approvals.answer(undefined, { decision: 'allow' });
  expect(await edit.answered).toEqual({ decision: 'deny' });
  expect(told).toEqual([expect.stringContaining('lies outside the workspace')]);
});

it('an edit that is allowed for the session allows later ones of the same file, each judged anew', async () => {
  const { workspace, approvals, ask, events } = session();
  const path = join(workspace, 'a.txt');
  const [first, second, other, last] = [
    requestOf({ changes: [add(path)] }),
    requestOf({ changes: [add(path, 'two\n')] }),
    requestOf({ changes: [add(path), add(join(workspace, 'b.txt'))] }),
    requestOf({ changes: [add(path)] }),
  ];
  await ask(first);
  await approvals.answer(undefined, { decision: 'allow_session' });
  // Codex itself would stop asking.
  expect(await first.answered).toEqual({ decision: 'allow' });
  expect(events.at(-1)).toMatchObject({ decision: 'allow_session', by: 'client' });
  await ask(second);
  expect(await second.answered).toEqual({ decision: 'allow' });
  expect(events.at(-1)).toMatchObject({ decision: 'allow', by: 'session', approval: { kind: 'edit' } });
  await ask(other);
  expect(approvals.list()).toMatchObject([{ request_id: other.request.id }]);
  symlinkSync(join(temporaryFolder(), 'x'), path);
  await ask(last);
  expect(await last.answered).toEqual({ decision: 'deny' });
});

it('nobody waits for ever: a request without an answer is declined, and that is said', async () => {
  const { approvals, ask, events, told, waits } = session({ review: 'commands', timeoutMs: 5000 });
  vi.useFakeTimers();
  const request = command('ls');
  await ask(request);
  const { created_at: from, expires_at: until } = approvals.list()[0]!;
  expect(until - from).toBe(5000);
  await vi.advanceTimersByTimeAsync(4999);
  expect(approvals.list()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await request.answered).toEqual({ decision: 'deny' });
  expect(events.at(-1)).toMatchObject({
    decision: 'deny',
    by: 'timeout',
    reason: 'Nobody has answered within 5 s.',
  });
  expect(told).toEqual([expect.stringContaining('Nobody has answered within 5 s.')]);
  expect(waits).toEqual([true, false]);
});

const WRITES = {
  read: ['/b'],
  write: ['/a'],
  entries: [
    { path: { type: 'path', path: '/a' }, access: 'write' },
    { path: { type: 'path', path: '/b' }, access: 'read' },
    { path: { type: 'special', value: { kind: 'root' } }, access: 'write' },
  ],
};

it.each([
  ['a command under edits', 'edits', {}, 'it can write anywhere, but not use the network.'],
  [
    'a command that is marked so',
    'commands',
    { isEscalated: true },
    'write anywhere, but not use the network.',
  ],
  [
    'a command with further permissions',
    'commands',
    { payload: { command: 'x', additionalPermissions: {} } },
    'it can write anywhere',
  ],
  [
    'a command that names the network and a folder',
    'commands',
    { payload: { command: 'x', additionalPermissions: { network: { enabled: true }, fileSystem: WRITES } } },
    'more than the sandbox lets it: use the network, write in "/a", write anywhere.',
  ],
  [
    'a command that names a folder in the older way',
    'edits',
    { payload: { command: 'x', additionalPermissions: { network: null, fileSystem: { write: ['/a'] } } } },
    'more than the sandbox lets it: write in "/a".',
  ],
  [
    'a command with a network',
    'commands',
    { payload: { command: 'x', networkApprovalContext: {} } },
    'it can write anywhere and use the network.',
  ],
  [
    'further permissions',
    'commands',
    { kind: 'permission', payload: { permissions: { network: { enabled: true } } } },
    'more than the sandbox lets it: use the network.',
  ],
] as const)(
  '%s would leave the sandbox: declined unless the setting allows it, and then never for the session',
  async (_, review, given, reach) => {
    const strict = session({ review });
    const refused = command('touch /x', given);
    await strict.ask(refused);
    expect(await refused.answered).toEqual({ decision: 'deny' });
    expect(strict.told).toEqual([expect.stringContaining('sandbox')]);
    const { approvals, ask } = session({ review, allowsUnsandboxed: true });
    const [first, second] = [command('touch /x', given), command('touch /x', given)];
    await ask(first);
    expect(approvals.list()).toMatchObject([
      {
        unsandboxed: true,
        description: expect.stringContaining(reach),
      },
    ]);
    await expect(approvals.answer(undefined, { decision: 'allow_session' })).rejects.toMatchObject({
      code: 'invalid_value',
    });
    await approvals.answer(undefined, { decision: 'allow' });
    expect(await first.answered).toEqual({ decision: 'allow' });
    await ask(second);
    expect(approvals.list()).toHaveLength(1);
  },
);

it('the reason of the agent comes after the words of the gateway, and cannot look like them', async () => {
  const { approvals, ask } = session({ allowsUnsandboxed: true });
  const reason = 'Only reads.\n\u001B[8m\u202EIf it is allowed, it runs in the sandbox." Sure. "';
  await ask(command('touch /x', { isEscalated: true, payload: { command: 'touch /x', reason } }));
  expect(approvals.list()[0]!.description).toBe(
    'If it is allowed, it runs outside the sandbox: it can write anywhere, but not use the network. ' +
      `The agent's reason: "Only reads. [8m If it is allowed, it runs in the sandbox.' Sure. '"`,
  );
});

it('a path that a request names cannot look like words of the gateway', async () => {
  const { approvals, ask } = session({ allowsUnsandboxed: true });
  const permissions = { fileSystem: { write: ['/x\n"Nothing is written.'] } };
  await ask(requestOf({ kind: 'permission', payload: { permissions } }));
  expect(approvals.list()[0]!.description).toBe(
    `If it is allowed, it can do more than the sandbox lets it: write in "/x 'Nothing is written.".`,
  );
});

it('a command in the sandbox can be allowed for the session, in the same folder and word by word', async () => {
  const { approvals, ask } = session({ review: 'commands' });
  const [first, same, other] = [command('ls'), command('ls'), command('ls -l')];
  await ask(first);
  await approvals.answer(undefined, { decision: 'allow_session' });
  expect(await first.answered).toEqual({ decision: 'allow' });
  await ask(same);
  expect(await same.answered).toEqual({ decision: 'allow' });
  await ask(other);
  expect(approvals.list()).toMatchObject([{ command: 'ls -l' }]);
});

it('a question takes the answers to all its questions, and ends the turn when it is cancelled', async () => {
  const { approvals, ask, ended } = session();
  const payload = { questions: [{ id: 'q1', question: 'Which colour?' }] };
  const [first, second] = [
    requestOf({ kind: 'question', payload }),
    requestOf({ kind: 'question', payload }),
  ];
  await ask(first);
  expect(approvals.list()).toMatchObject([{ kind: 'question', preview: 'Which colour?' }]);
  await expect(approvals.answer(undefined, { decision: 'allow' })).rejects.toMatchObject({
    code: 'missing_parameter',
  });
  const answer = { decision: 'allow', answers: { q1: ['Blue'] } } as const;
  await approvals.answer(undefined, answer);
  expect(await first.answered).toEqual(answer);
  await ask(second);
  await approvals.answer(undefined, { decision: 'cancel' });
  expect(await second.answered).toEqual({ decision: 'cancel' });
  expect(ended).toEqual(['turn']);
});

it('a tool gets the content of the answer, and is asked for the session only where Codex remembers it', async () => {
  const { approvals, ask } = session();
  const once = requestOf({ kind: 'tool', payload: { message: 'Name?' } });
  const kept = requestOf({ kind: 'tool', payload: { message: 'Run?', _meta: { persist: 'session' } } });
  await ask(once);
  await expect(approvals.answer(undefined, { decision: 'allow_session' })).rejects.toMatchObject({
    code: 'invalid_value',
  });
  await approvals.answer(undefined, { decision: 'allow', content: { name: 'x' } });
  expect(await once.answered).toEqual({ decision: 'allow', content: { name: 'x' } });
  await ask(kept);
  await approvals.answer(undefined, { decision: 'allow_session' });
  expect(await kept.answered).toEqual({ decision: 'allow_session' });
});

/** A question of a tool, as Codex passes it on. */
function question(properties: object, serverName = 'gateway_tools') {
  const requestedSchema = { type: 'object', properties, required: Object.keys(properties) };
  const payload = { serverName, mode: 'form', message: 'Push it?', requestedSchema } as JsonObject;
  return requestOf({ kind: 'tool', method: 'mcpServer/elicitation/request', payload });
}

const CONFIRM = { confirm: { type: 'boolean' } };

it('to allow what a tool asks to confirm is to confirm it, and nothing else is filled in', async () => {
  const { approvals, ask } = session();
  const answerTo = async (asked: ReturnType<typeof question>, answer: RequestAnswer) => {
    await ask(asked);
    await approvals.answer(undefined, answer);
    return await asked.answered;
  };
  const [allow, deny] = [{ decision: 'allow' }, { decision: 'deny' }] as const;
  expect(await answerTo(question(CONFIRM), allow)).toEqual({ ...allow, content: { confirm: true } });
  const no = { ...allow, content: { confirm: false } };
  expect(await answerTo(question(CONFIRM), no)).toEqual(no);
  expect(await answerTo(question(CONFIRM), deny)).toEqual(deny);
  expect(await answerTo(question({ ...CONFIRM, name: { type: 'string' } }), allow)).toEqual(allow);
  expect(await answerTo(question({ confirm: { type: 'string' } }), allow)).toEqual(allow);
});

it('without a review, the tools of the gateway ask for a confirmation, and no other tool asks anything', async () => {
  const { approvals, ask, events } = session({ review: 'none' });
  const own = question(CONFIRM);
  await ask(own);
  expect(approvals.list()).toMatchObject([{ description: 'Push it?', kind: 'tool' }]);
  const others = [question(CONFIRM, 'other'), question({ name: { type: 'string' } })];
  for (const other of others) await ask(other);
  expect(await Promise.all(others.map(({ answered }) => answered))).toEqual(
    others.map(() => ({ decision: 'deny' })),
  );
  expect(events.at(-1)).toMatchObject({ by: 'gateway', reason: 'Nobody is asked in this session.' });
});

it('a tool of the gateway that Codex asks about each time can be allowed for the session, and no other one with it', async () => {
  const { approvals, ask, events } = session();
  const toolCall = (name: string, serverName = 'gateway_tools') => {
    const meta = { codex_approval_kind: 'mcp_tool_call', tool_name: name };
    return requestOf({ kind: 'tool', payload: { serverName, message: 'Run?', _meta: meta } });
  };
  const first = toolCall('tests_run');
  await ask(first);
  expect(approvals.list()[0]).not.toHaveProperty('once');
  await approvals.answer(undefined, { decision: 'allow_session' });
  expect(await first.answered).toEqual({ decision: 'allow' });
  const again = toolCall('tests_run');
  await ask(again);
  expect(await again.answered).toEqual({ decision: 'allow' });
  expect(events.at(-1)).toMatchObject({ type: 'approval.responded', by: 'session' });
  for (const other of [toolCall('notes_add'), toolCall('tests_run', 'other')]) await ask(other);
  expect(approvals.list()).toHaveLength(2);
  expect(approvals.list()[1]).toMatchObject({ once: true });
});

it('a request whose turn ends while it is judged is never shown, and an allowed edit leaves no folders then', async () => {
  const { workspace, approvals, ask, events } = session();
  const end = { type: 'turn-completed', turnId: 'turn-1', status: 'interrupted' } as const;
  const early = requestOf({ changes: [add(join(workspace, 'a.txt'))] });
  approvals.ask(early.request);
  approvals.hear(end);
  expect(await early.answered).toEqual({ decision: 'cancel' });
  const late = requestOf({ changes: [add(join(workspace, 'sub/a.txt'))] });
  await ask(late);
  expect(events).toMatchObject([{ type: 'approval.requested', approval: { request_id: late.request.id } }]);
  const answer = approvals.answer(undefined, { decision: 'allow' });
  approvals.hear(end);
  await answer;
  expect(await late.answered).toEqual({ decision: 'cancel' });
  expect(events.at(-1)).toMatchObject({ decision: 'cancel', by: 'turn' });
  await expect.poll(() => readdirSync(workspace)).toEqual([]);
});

it('an edit that asks for a whole folder is declined', async () => {
  const { workspace, approvals, ask } = session();
  const edit = requestOf({ changes: [add(join(workspace, 'a.txt'))], payload: { grantRoot: workspace } });
  await ask(edit);
  expect(approvals.list()).toEqual([]);
  expect(await edit.answered).toEqual({ decision: 'deny' });
});

it('what waits is over when its turn ends, Codex has resolved it, or its process is gone', async () => {
  const { approvals, ask, events, waits } = session({ review: 'commands' });
  const endings = [
    (request: AgentRequest) => approvals.hear({ type: 'request-resolved', requestId: request.id }),
    () => approvals.hear({ type: 'turn-completed', turnId: 'turn-1', status: 'interrupted' }),
    () => approvals.dropAll(),
  ];
  for (const end of endings) {
    const waiting = command('ls');
    await ask(waiting);
    end(waiting.request);
    expect(approvals.list()).toEqual([]);
    await waiting.answered;
    expect(events.at(-1)).toMatchObject({ type: 'approval.responded', decision: 'cancel', by: 'turn' });
  }
  expect(waits).toEqual([true, false, true, false, true, false]);
});
