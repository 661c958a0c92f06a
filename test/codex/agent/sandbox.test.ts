import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { useTestAgent } from '../../support/test-agent.ts';

describe('the sandbox of an agent', () => {
  const agent = useTestAgent();

  it('lets a command write the workspace only, reach no network and not read what belongs to the gateway', async () => {
    const before = agent.config();
    const { workspace, state, folder, upstream } = agent;
    mkdirSync(join(workspace, '.git'));
    mkdirSync(join(workspace, 'kept'));
    const thread = await agent.open();
    const temporary = join(tmpdir(), `codex-gateway-test-${crypto.randomUUID()}`);
    const places = [
      temporary,
      '.git/probe',
      'kept/probe',
      `${folder}/outside.txt`,
      `${state}/probe`,
      'inside.txt',
    ];
    const command = [
      ...places.map((place) => `echo x > ${place} || true`),
      `cat ${state}/secret.txt`,
      `curl -sS -m 3 ${upstream.baseUrl}/models -o - && echo REACHED`,
      'export TMPDIR=${TMPDIR:-/tmp}; touch $TMPDIR/probe-of-agent && echo WRITTEN',
      `cat /proc/*/environ | tr '\\0' '\\n'`,
    ].join('; ');

    const [output] = await thread.call([{ command }], { review: 'none' });

    expect(existsSync(temporary)).toBe(false);
    expect(existsSync(join(folder, 'outside.txt'))).toBe(false);
    expect(readdirSync(state)).toEqual(['secret.txt']);
    expect(readdirSync(join(workspace, '.git'))).toEqual([]);
    expect(readdirSync(join(workspace, 'kept'))).toEqual([]);
    expect(readFileSync(join(workspace, 'inside.txt'), 'utf8')).toBe('x\n');
    expect(output).toContain('Permission denied');
    expect(readdirSync(workspace).toSorted()).toEqual(['.git', 'inside.txt', 'kept']);
    expect(output).toContain('KEPT=kept');
    expect(output).not.toMatch(/SECRET|REACHED|WRITTEN|CODEX_GATEWAY|test-token/);
    const snapshots = join(agent.codexHome, 'shell_snapshots');
    const kept = existsSync(snapshots) ? readdirSync(snapshots) : [];
    expect(kept.map((name) => readFileSync(join(snapshots, name), 'utf8')).join()).not.toContain(
      'test-token',
    );
    expect(thread.requests).toEqual([]);
    expect(agent.config()).toBe(before);
  });

  it('lets a command of a session that reviews edits write nothing, and shows its patches first', async () => {
    const before = agent.config();
    const { workspace, state, codexHome } = agent;
    // A rule with which the user lets a command out of the sandbox in a terminal.
    mkdirSync(join(codexHome, 'rules'));
    writeFileSync(
      join(codexHome, 'rules/default.rules'),
      'prefix_rule(pattern=["touch"], decision="allow")\n',
    );
    const thread = await agent.open();
    thread.use(() => ({ decision: 'allow' }));

    const [output] = await thread.call([{ command: `echo x > by-shell.txt; cat ${state}/secret.txt` }]);
    expect(output).toContain('Read-only file system');
    expect(output).not.toContain('SECRET');
    const outside = join(agent.folder, 'touched.txt');
    await thread.call([{ command: 'touch by-shell.txt' }, { command: `touch ${outside}`, escalated: true }]);
    expect(existsSync(outside)).toBe(false);
    expect(thread.requests).toEqual([]);

    await thread.call([patchOf('*** Add File: patched.txt', '+new')]);
    expect(thread.requests).toMatchObject([
      {
        kind: 'edit',
        isEscalated: false,
        changes: [{ path: join(workspace, 'patched.txt'), kind: { type: 'add' }, diff: 'new\n' }],
      },
    ]);
    expect(readdirSync(workspace)).toContain('patched.txt');
    expect(readdirSync(workspace)).not.toContain('by-shell.txt');

    const [picture] = await thread.call([
      { function: 'view_image', arguments: { path: `${state}/secret.txt` } },
    ]);
    expect(picture).toContain('Permission denied');
    expect(agent.config()).toBe(before);
  });

  it('lets nothing write in a repository inside the workspace, also in one that has come since the last turn', async () => {
    const { workspace } = agent;
    const write =
      'for each in nested/* nested/deep/*; do echo x > $each/.git/probe; echo x > $each/file; done';
    for (const name of ['one', 'deep/two'])
      mkdirSync(join(workspace, 'nested', name, '.git'), { recursive: true });
    const thread = await agent.open();
    thread.use(() => ({ decision: 'allow' }));
    await thread.call([{ command: write }, patchOf('*** Add File: nested/one/.git/probe', '+x')], {
      review: 'none',
    });
    mkdirSync(join(workspace, 'nested/three/.git'), { recursive: true });
    await thread.call([{ command: write }], { review: 'commands' });
    const found = readdirSync(join(workspace, 'nested'), { recursive: true }).map(String).toSorted();
    expect(found).toEqual([
      'deep',
      'deep/file',
      'deep/two',
      'deep/two/.git',
      'deep/two/file',
      'one',
      'one/.git',
      'one/file',
      'three',
      'three/.git',
      'three/file',
    ]);
    expect(agent.upstream.requests.at(-1)!.text).toContain('Read-only file system');
  });

  it('lets a command write nothing in a session that only reads, whatever it reviews', async () => {
    const thread = await agent.open();
    const [output] = await thread.call([{ command: 'echo x > never.txt' }], {
      review: 'none',
      sandbox: 'read-only',
    });
    expect(output).toContain('Read-only file system');
    expect(existsSync(join(agent.workspace, 'never.txt'))).toBe(false);
  });

  it('lets a review and a plan write nothing, also after a turn that could', async () => {
    const opened = await agent.open();
    await opened.call([{ command: 'echo x > by-turn.txt' }], { review: 'none' });
    expect(existsSync(join(agent.workspace, 'by-turn.txt'))).toBe(true);

    agent.upstream.use(act([{ command: 'echo x > by-review.txt' }], 'Done.'));
    const reviewed = opened.next('turn-completed');
    await opened.thread.startReview({ type: 'custom', instructions: 'Look.' });
    expect(await reviewed).toMatchObject({ status: 'completed' });
    const isRefused = agent.upstream.requests.some(({ text }) => text.includes('by-review.txt: Read-only'));
    expect(isRefused).toBe(true);

    const patch = patchOf('*** Add File: by-plan.txt', '+x');
    await opened.call([{ command: 'echo x > by-plan.txt' }, patch], { review: 'none', isPlan: true });
    expect(readdirSync(agent.workspace).filter((name) => /review|plan/.test(name))).toEqual([]);
    expect(opened.requests).toEqual([]);
  });
});
