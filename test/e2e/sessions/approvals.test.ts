import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, patchOf, type AgentCall } from '../../support/agent-upstream.ts';
import { lookingForNothing, startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { createVisibleFolder } from '../../support/temporary-folder.ts';
import type { Script, UpstreamRequest } from '../../support/upstream.ts';

/** Longer than any of these tests takes to answer. */
const APPROVAL_SECONDS = 10;

describe('approvals before the real app-server', () => {
  const root = createVisibleFolder();
  const outside = createVisibleFolder();
  const scripts = new Map<string, Script>();
  let gateway: TestGateway;
  let silent: TestSession;

  beforeAll(async () => {
    gateway = await startTestGateway({
      codexConfig: lookingForNothing,
      config: { sessions: { roots: [root], approvalTimeout: APPROVAL_SECONDS } },
    });
    gateway.upstream.use(
      async (request, response) => await scripts.get(promptOf(request))!(request, response),
    );
    // It waits for its approval while the other tests run.
    silent = await open({});
    await silent.send([[patchOf('*** Add File: never.txt', '+x')], 'Understood.']);
  });
  afterAll(async () => {
    await gateway.close();
    for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  interface TestSession {
    readonly workspace: string;
    /** Sends a message, for which the model then takes these steps; resolves to its text. */
    send(steps: readonly (string | readonly AgentCall[])[]): Promise<string>;
    /** Resolves to the requests that wait, once there are that many. */
    pending(count?: number): Promise<readonly Approval[]>;
    answer(body: object): Promise<Response>;
    /** Resolves once no turn runs; to the last message. */
    ended(): Promise<string>;
    events(type: string): Promise<readonly Record<string, unknown>[]>;
    /** Text of the last request that the model got after this message. */
    heard(prompt: string): string;
  }

  async function open(body: object): Promise<TestSession> {
    const workspace = join(root, crypto.randomUUID());
    mkdirSync(workspace);
    const call = async (path: string, sent?: object) =>
      await gateway.fetch(path, sent && { method: 'POST', body: JSON.stringify(sent) });
    const created = (await (
      await call('/chat/sessions', { workspace_root: workspace, ...body })
    ).json()) as Shown;
    const path = `/chat/sessions/${created.session.id}`;
    const show = async () => ((await (await call(path)).json()) as Shown).session;
    return {
      workspace,
      async send(steps) {
        const prompt = `Prompt ${crypto.randomUUID()}.`;
        scripts.set(prompt, act(...steps));
        expect((await call(`${path}/messages`, { message: prompt })).status).toBe(202);
        return prompt;
      },
      async pending(count = 1) {
        const list = async () => (await show()).pending_approvals;
        await expect.poll(list, { timeout: 15_000 }).toHaveLength(count);
        return await list();
      },
      answer: async (sent) => await call(`${path}/approvals`, sent),
      async ended() {
        await expect.poll(async () => (await show()).status, { timeout: 20_000 }).toBe('idle');
        return (await show()).messages.at(-1)!.text;
      },
      events: async (type) => (await show()).events.filter((event) => event.type === type),
      heard: (prompt) => gateway.upstream.requests.findLast((request) => promptOf(request) === prompt)!.text,
    };
  }

  it('shows a patch as one diff, writes nothing before it is allowed, and everything after', async () => {
    const session = await open({});
    const { workspace } = session;
    const file = (name: string) => join(workspace, name);
    const read = (name: string) => readFileSync(file(name), 'utf8');
    writeFileSync(file('a.txt'), 'one\ntwo\nthree\n');
    writeFileSync(file('gone.txt'), 'old\n');
    writeFileSync(file('there.txt'), 'lost\n');
    writeFileSync(file('from.txt'), 'same\nold\n');
    const before = readdirSync(workspace);
    await session.send([
      [
        {
          patch: [
            '*** Begin Patch',
            '*** Update File: a.txt\n@@\n one\n-two\n+TWO\n three',
            '*** Delete File: gone.txt',
            '*** Add File: there.txt\n+new',
            '*** Update File: from.txt\n*** Move to: to.txt\n@@\n same\n-old\n+new',
            '*** Add File: sub/deep/new.txt\n+made',
            '*** End Patch\n',
          ].join('\n'),
        },
      ],
      'Done.',
    ]);
    const [approval] = await session.pending();
    expect(approval).toMatchObject({ kind: 'edit', title: 'Allow workspace edit?' });
    expect(approval!.diff).not.toContain(workspace);
    for (const part of [
      '--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n',
      'deleted file mode 100644\n--- a/gone.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n',
      '--- a/there.txt\n+++ b/there.txt\n@@ -1,1 +1,1 @@\n-lost\n+new\n',
      'rename from from.txt\nrename to to.txt\n--- a/from.txt\n+++ b/to.txt\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n',
      'new file mode 100644\n--- /dev/null\n+++ b/sub/deep/new.txt\n@@ -0,0 +1,1 @@\n+made\n',
    ])
      expect(approval!.diff).toContain(part);
    expect(readdirSync(workspace)).toEqual(before);
    expect(read('a.txt')).toBe('one\ntwo\nthree\n');
    expect((await session.answer({ request_id: approval!.request_id, decision: 'allow' })).status).toBe(202);
    expect(await session.ended()).toBe('Done.');
    expect(readdirSync(workspace)).toEqual(['a.txt', 'sub', 'there.txt', 'to.txt']);
    expect(['a.txt', 'there.txt', 'to.txt', 'sub/deep/new.txt'].map(read)).toEqual([
      'one\nTWO\nthree\n',
      'new\n',
      'same\nnew\n',
      'made\n',
    ]);
    expect((await session.answer({ request_id: approval!.request_id, decision: 'allow' })).status).toBe(400);
  });

  it('goes on without a patch that is denied, ends with one that is cancelled, and asks once for a session', async () => {
    const session = await open({});
    const { workspace } = session;
    const denied = await session.send([[patchOf('*** Add File: sub/a.txt', '+x')], 'Then not.']);
    await session.pending();
    await session.answer({ decision: 'deny' });
    expect(await session.ended()).toBe('Then not.');
    expect(session.heard(denied)).toContain('patch rejected by user');
    await session.send([[patchOf('*** Add File: sub/a.txt', '+x')], 'Never said.']);
    await session.pending();
    await session.answer({ decision: 'cancel' });
    await session.ended();
    expect(await session.events('turn.completed')).toMatchObject([
      { status: 'completed' },
      { status: 'interrupted' },
    ]);
    expect(readdirSync(workspace)).toEqual([]);
    await session.send([
      [patchOf('*** Add File: b.txt', '+one')],
      [patchOf('*** Update File: b.txt', '@@', '-one', '+two')],
      'Both.',
    ]);
    await session.pending();
    await session.answer({ decision: 'allow_session' });
    expect(await session.ended()).toBe('Both.');
    expect(readFileSync(join(workspace, 'b.txt'), 'utf8')).toBe('two\n');
    expect((await session.events('approval.responded')).slice(-2)).toMatchObject([
      { decision: 'allow_session', by: 'client' },
      { decision: 'allow', by: 'session' },
    ]);
  });

  it('declines what leaves the workspace or is the gateway’s or git’s own, and tells the model', async () => {
    const session = await open({});
    const { workspace } = session;
    mkdirSync(join(workspace, '.git'));
    symlinkSync(outside, join(workspace, 'link'));
    const places = [
      `${outside}/a.txt`,
      '../b.txt',
      'link/c.txt',
      '.git/hooks/d',
      `${gateway.stateDirectory}/e`,
    ];
    const edits = places.map((place) => [patchOf(`*** Add File: ${place}`, '+x')]);
    const escalated = [{ command: `touch ${outside}/f`, escalated: true }];
    const reasons: string[] = [];
    // A session shows its latest events only.
    for (const steps of [edits.slice(0, 3), [...edits.slice(3), escalated]]) {
      const prompt = await session.send([...steps, 'None of it.']);
      expect(await session.ended()).toBe('None of it.');
      const responded = (await session.events('approval.responded')).slice(-3);
      expect(responded).toMatchObject(Array.from({ length: 3 }, () => ({ by: 'gateway', decision: 'deny' })));
      for (const { reason } of responded) {
        reasons.push(String(reason));
        expect(session.heard(prompt)).toContain(JSON.stringify(reason).slice(1, -1));
      }
    }
    expect(reasons[0]).toBe(`The path "${outside}/a.txt" lies outside the workspace.`);
    expect(reasons[1]).toContain('lies outside the workspace');
    expect(reasons[2]).toContain('lies outside the workspace');
    expect(reasons[3]).toContain('lies in a .git folder');
    expect(reasons[5]).toContain('outside the sandbox');
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(workspace, '.git'))).toEqual([]);
    expect(existsSync(join(root, 'b.txt'))).toBe(false);
    expect(existsSync(join(gateway.stateDirectory, 'e'))).toBe(false);
  });

  it('looks at the disk once more when an edit is allowed, since a link may have been planted', async () => {
    const session = await open({});
    const { workspace } = session;
    mkdirSync(join(workspace, 'sub'));
    await session.send([[patchOf('*** Add File: sub/a.txt', '+x')], 'Seen.']);
    await session.pending();
    rmSync(join(workspace, 'sub'), { recursive: true });
    symlinkSync(outside, join(workspace, 'sub'));
    await session.answer({ decision: 'allow' });
    expect(await session.ended()).toBe('Seen.');
    expect(readdirSync(outside)).toEqual([]);
    expect((await session.events('approval.responded')).at(-1)).toMatchObject({
      decision: 'deny',
      by: 'gateway',
    });
  });

  it('asks for every command, in any order of answers, and keeps an allowed one in the sandbox', async () => {
    const session = await open({ review: 'commands' });
    const { workspace } = session;
    const prompt = await session.send([
      [{ command: `echo one > one.txt; echo x > ${outside}/one.txt` }, { command: 'echo two > two.txt' }],
      [
        {
          function: 'exec_command',
          arguments: { cmd: `touch ${outside}/x`, sandbox_permissions: 'require_escalated' },
        },
      ],
      'Done.',
    ]);
    // They run at the same time.
    const both = await session.pending(2);
    const [one, two] = ['echo one', 'echo two'].map((text) =>
      both.find(({ command }) => command?.includes(text)),
    );
    expect([one, two]).toMatchObject([{ kind: 'command' }, { kind: 'command' }]);
    expect(existsSync(join(workspace, 'one.txt'))).toBe(false);
    await session.answer({ request_id: two!.request_id, decision: 'deny' });
    expect(await session.pending()).toMatchObject([{ request_id: one!.request_id }]);
    await session.answer({ request_id: one!.request_id, decision: 'allow' });
    expect(await session.ended()).toBe('Done.');
    // A sandbox of Codex can leave empty folders behind, such as `.codex`.
    expect(readdirSync(workspace).filter((name) => !name.startsWith('.'))).toEqual(['one.txt']);
    expect(readdirSync(outside)).toEqual([]);
    expect(session.heard(prompt)).toContain('Read-only file system');
    expect((await session.events('approval.responded')).map(({ by }) => by)).toEqual([
      'client',
      'client',
      'gateway',
    ]);
  });

  it('asks for patches and commands of a script as well', async () => {
    const session = await open({ model: 'gpt-6-sol', review: 'commands' });
    const { workspace } = session;
    const patch = '*** Begin Patch\n*** Add File: sub/six.txt\n+six\n*** End Patch\n';
    await session.send([
      [{ script: `text(await tools.apply_patch(${JSON.stringify(patch)}));` }],
      [
        {
          script:
            'const r = await tools.exec_command({ cmd: "cat sub/six.txt > copy.txt" }); text(r.output);',
        },
      ],
      'Done.',
    ]);
    expect(await session.pending()).toMatchObject([
      { kind: 'edit', diff: expect.stringContaining('+++ b/sub/six.txt') },
    ]);
    await session.answer({ decision: 'allow' });
    await expect.poll(async () => (await session.pending())[0]!.kind).toBe('command');
    await session.answer({ decision: 'allow' });
    expect(await session.ended()).toBe('Done.');
    expect(readFileSync(join(workspace, 'copy.txt'), 'utf8')).toBe('six\n');
  });

  it('passes on the answers to a question', async () => {
    const session = await open({});
    const options = [
      { label: 'Red', description: 'r' },
      { label: 'Blue', description: 'b' },
    ];
    const questions = [{ id: 'q1', header: 'Colour', question: 'Which colour?', options }];
    const prompt = await session.send([
      [{ function: 'request_user_input', arguments: { questions } }],
      'Blue it is.',
    ]);
    expect(await session.pending()).toMatchObject([{ kind: 'question', preview: 'Which colour?' }]);
    expect((await session.answer({ decision: 'allow' })).status).toBe(400);
    await session.answer({ answers: { q1: 'Blue' } });
    expect(await session.ended()).toBe('Blue it is.');
    expect(session.heard(prompt)).toContain('Blue');
  });

  it('asks for a tool of the user’s own servers with its arguments, and once for a session', async () => {
    const server = join(gateway.codexHome, 'server.mjs');
    writeFileSync(server, STAMPING_SERVER);
    const entry = `[mcp_servers.own]\ncommand = "${process.execPath}"\nargs = ["${server}"]\n`;
    appendFileSync(join(gateway.codexHome, 'config.toml'), entry);
    const session = await open({});
    const calls = [{ function: 'stamp', namespace: 'mcp__own', arguments: { text: 'hi' } }];
    const prompt = await session.send([calls, calls, 'Stamped.']);
    expect(await session.pending()).toMatchObject([
      {
        kind: 'tool',
        description: 'Allow the own MCP server to run tool "stamp"?',
        preview: '{\n  "text": "hi"\n}',
      },
    ]);
    await session.answer({ decision: 'allow_session' });
    expect(await session.ended()).toBe('Stamped.');
    expect(session.heard(prompt).match(/STAMPED/g)).toHaveLength(2);
    expect(await session.events('approval.requested')).toHaveLength(1);
  });

  it('declines an approval that nobody answers, and goes on', async () => {
    expect(await silent.ended()).toBe('Understood.');
    expect(readdirSync(silent.workspace)).toEqual([]);
    expect(await silent.events('approval.responded')).toMatchObject([
      { decision: 'deny', by: 'timeout', reason: `Nobody has answered within ${APPROVAL_SECONDS} s.` },
    ]);
  });
});

/** An MCP server with one tool, which changes something. */
const STAMPING_SERVER = `
import { createInterface } from 'node:readline';
const tool = { name: 'stamp', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } };
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'own', version: '1' },
  }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': () => ({ content: [{ type: 'text', text: 'STAMPED' }] }),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = answers[method]?.(params) ?? {};
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
});
`;

interface Approval {
  readonly request_id: string;
  readonly kind: string;
  readonly diff?: string;
  readonly command?: string;
}

interface Shown {
  readonly session: {
    readonly id: string;
    readonly status: string;
    readonly messages: readonly { readonly text: string }[];
    readonly events: readonly Record<string, unknown>[];
    readonly pending_approvals: readonly Approval[];
  };
}

/** Returns the last message of the user of these tests. */
function promptOf({ text }: UpstreamRequest): string {
  return text.match(/Prompt [-\w]+\./g)!.at(-1)!;
}
