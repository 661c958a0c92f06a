import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endAbandonedSandboxes } from '../../../src/codex/agent/abandoned-sandboxes.ts';
import { createAgentEngine } from '../../../src/codex/agent/agent-engine.ts';
import { act } from '../../support/agent-upstream.ts';
import { childrenOf, isAlive, until } from '../../support/process.ts';
import { makeUnreadPipe } from '../../support/make-pipe.ts';
import { useTestAgent } from '../../support/test-agent.ts';

const TURN = { input: [{ type: 'text', text: 'Go.' }], review: 'none', sandbox: 'workspace-write' } as const;

/** Looks at the processes now and then: an orphan that has ended may wait a while for its new parent. */
const RARELY = { timeout: 60_000, interval: 150 };

describe.runIf(process.platform === 'linux')('sandboxes that have lost their Codex', () => {
  const agent = useTestAgent();

  /** Makes a folder in which Codex finds bubblewrap. Sandboxes for what the file `waits` names begin, and come no further. */
  function makeBubblewrap(): string {
    const folder = join(agent.folder, 'bin');
    mkdirSync(folder);
    const bundled = join(dirname(agent.options.binary), '../codex-resources/bwrap');
    const lines = [
      '#!/bin/bash',
      `[[ -e ${folder}/waits && "$*" == *"$(< ${folder}/waits)"* ]] || exec ${bundled} "$@"`,
      `exec -a bwrap ${bundled} --block-fd 9 "$@" 9<> ${makeUnreadPipe()}`,
    ];
    writeFileSync(join(folder, 'bwrap'), lines.join('\n'));
    chmodSync(join(folder, 'bwrap'), 0o700);
    return folder;
  }

  /** Returns the sandboxes of this test that came no further, without those that wait for them. */
  function stuck(): number[] {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
    const found = table
      .split('\n')
      .filter((line) => line.includes(' --block-fd 9 ') && line.includes(agent.state))
      .map((line) => line.trim().split(/\s+/).slice(0, 2).map(Number));
    const parents = new Set(found.map(([, parent]) => parent));
    return found.map(([pid]) => pid!).filter((pid) => !parents.has(pid));
  }

  it('end when an app-server is killed while they begin', async () => {
    const folder = makeBubblewrap();
    const { environment } = agent.options;
    const engine = createAgentEngine({
      ...agent.options,
      environment: { ...environment, PATH: `${folder}:${environment.PATH}` },
    });
    onTestFinished(() => engine.close());
    const opened = [await agent.open({}, undefined, engine), await agent.open({}, undefined, engine)];
    agent.upstream.use(act([{ command: 'sleep 600' }], 'Done.'));
    // The second one is a helper that reads a file, which the app-server needs before a turn begins.
    for (const [index, part] of ['sleep 600', '--codex-run-as-fs-helper'].entries()) {
      writeFileSync(join(folder, 'waits'), part);
      opened[index]!.thread.startTurn(TURN).catch(() => {});
      await until(() => stuck().length > index);
    }

    const [appServer] = childrenOf(process.pid, 'app-server');
    process.kill(appServer!, 'SIGKILL');
    await Promise.all(opened.map(({ gone }) => gone));
    await expect.poll(stuck, RARELY).toEqual([]);
  });

  it('end when a gateway starts, with what they have started', async () => {
    const { pid, child } = await startLike('bwrap', agent.options.forbidden);
    const engine = createAgentEngine(agent.options);
    onTestFinished(() => engine.close());
    await expect.poll(() => [pid(), isAlive(child)], RARELY).toEqual([undefined, false]);
  });
});

/** Starts a process like a sandbox that hides some places; resolves when it has started another one. */
async function startLike(name: string, hidden: readonly string[], codex = '/no/codex') {
  const entries = hidden.map((path) => ({ path: { type: 'path', path }, access: 'deny' }));
  const profile = JSON.stringify({ type: 'managed', file_system: { type: 'restricted', entries } });
  const words = ['--die-with-parent', '--', codex, '--permission-profile', profile, '--', 'ls'];
  const started = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; wait', ...words], { argv0: name });
  onTestFinished(() => void started.kill('SIGKILL'));
  const [printed] = (await once(started.stdout, 'data')) as [Buffer];
  const child = Number(printed.toString());
  onTestFinished(() => void (isAlive(child) && process.kill(child)));
  return { child, pid: () => ((started.exitCode ?? started.signalCode) === null ? started.pid : undefined) };
}

it.runIf(process.platform === 'linux')(
  'no sandbox ends whose Codex runs, or that hides anything else than what the gateway hides',
  async () => {
    const [state, config] = ['/its/state', '/its/config'];
    const spared = [
      await startLike('bwrap', [state, config], realpathSync(process.execPath)),
      await startLike('bwrap', [state, '/other/config']),
      await startLike('bwrap', []),
      await startLike('codex', [state, config]),
    ];
    const ended = [
      await startLike('bwrap', [state, config]),
      await startLike('/a/path/codex-linux-sandbox', ['/more', '/its']),
    ];
    await endAbandonedSandboxes([state, config]);
    expect(spared.map(({ pid, child }) => pid() !== undefined && isAlive(child))).toEqual(
      spared.map(() => true),
    );
    await until(() => ended.every(({ pid, child }) => pid() === undefined && !isAlive(child)));
  },
);
