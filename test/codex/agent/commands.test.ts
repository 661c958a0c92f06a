import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { act } from '../../support/agent-upstream.ts';
import { useTestAgent } from '../../support/test-agent.ts';

/** Looks at the processes now and then; the test's own timeout bounds it. */
const RARELY = { timeout: 60_000, interval: 150 };
const INPUT = { input: [{ type: 'text' as const, text: 'Go.' }], sandbox: 'workspace-write' as const };

describe('the commands of an agent', () => {
  const agent = useTestAgent();
  let count = 0;

  /** A command that runs for long, and that nothing else runs. */
  function longCommand() {
    count += 1;
    const seconds = `${70_000 + process.pid}.${count}`;
    return {
      command: `sleep ${seconds}`,
      runs: () =>
        execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
          .split('\n')
          .some((line) => line.startsWith(`sleep ${seconds}`)),
    };
  }

  it('end with an interrupted turn, outlive a turn that ends, and end when that is asked for or the thread is unloaded', async () => {
    const opened = await agent.open();
    const { thread } = opened;

    const interrupted = longCommand();
    agent.upstream.use(act([{ command: interrupted.command }], 'Done.'));
    const end = opened.next('turn-completed');
    const turnId = await thread.startTurn({ ...INPUT, review: 'none' });
    await expect.poll(interrupted.runs, RARELY).toBe(true);
    const { interrupt } = thread;
    await interrupt(turnId);
    expect(await end).toMatchObject({ turnId, status: 'interrupted' });
    await expect.poll(interrupted.runs, RARELY).toBe(false);

    const background = (cmd: string) => ({
      function: 'exec_command',
      arguments: { cmd, yield_time_ms: 250 },
    });
    // The sandbox makes folders for what it protects, which are needed as long as a command runs.
    await expect.poll(() => readdirSync(agent.workspace), RARELY).toEqual([]);
    const kept = longCommand();
    await opened.call([background(kept.command)], { review: 'none' });
    expect(kept.runs()).toBe(true);
    expect(readdirSync(agent.workspace)).toContain('.git');
    const other = await agent.open();
    await other.call([{ command: 'echo x > .git/x || echo x > other.txt' }], { review: 'none' });
    expect(readdirSync(agent.workspace)).toEqual(expect.arrayContaining(['.git', 'other.txt']));
    await thread.endCommands();
    await expect.poll(kept.runs, RARELY).toBe(false);
    await expect.poll(() => readdirSync(agent.workspace), RARELY).toEqual(['other.txt']);

    const left = longCommand();
    await opened.call([background(left.command)], { review: 'none' });
    expect(left.runs()).toBe(true);
    await thread.unload();
    await expect.poll(left.runs, RARELY).toBe(false);
    await expect.poll(() => readdirSync(agent.workspace), RARELY).not.toContain('.git');
  });

  it('end with the engine', async () => {
    const opened = await agent.open();
    const left = longCommand();
    const call = { function: 'exec_command', arguments: { cmd: left.command, yield_time_ms: 250 } };
    await opened.call([call], { review: 'none' });
    expect(left.runs()).toBe(true);
    await agent.engine.close();
    await expect.poll(left.runs, RARELY).toBe(false);
    await expect.poll(() => readdirSync(agent.workspace), RARELY).not.toContain('.git');
    await expect(agent.open()).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
