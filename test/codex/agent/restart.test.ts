import { createObserver } from '../../../src/app/log/observer.ts';
import type { Observation } from '../../../src/base/observation.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAgentEngine } from '../../../src/codex/agent/agent-engine.ts';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { childrenOf, isAlive, until } from '../../support/process.ts';
import { useTestAgent } from '../../support/test-agent.ts';
import { say } from '../../support/upstream.ts';

const TURN = { review: 'edits', sandbox: 'workspace-write' } as const;

describe('the app-server of an agent', () => {
  const agent = useTestAgent();
  const appServers = () => childrenOf(process.pid, 'app-server');

  it('starts with the first thread; when it is killed in a turn, its threads hear of it and go on in the next one', async () => {
    const before = agent.config();
    expect(appServers()).toEqual([]);
    const opened = await agent.open();
    const idle = await agent.open();
    const [pid, ...others] = appServers();
    expect(others).toEqual([]);
    agent.upstream.use(say('One.'));
    await opened.run({ input: [{ type: 'text', text: 'Remember me.' }] });
    await idle.run();

    const asked = Promise.withResolvers<void>();
    opened.use(() => {
      asked.resolve();
      return undefined;
    });
    agent.upstream.use(act([patchOf('*** Add File: killed.txt', '+x')], 'Done.'));
    await opened.thread.startTurn({ ...TURN, input: [{ type: 'text', text: 'Go.' }] });
    await asked.promise;
    process.kill(pid!, 'SIGKILL');
    await Promise.all([opened.gone, idle.gone]);
    // A late answer has no effect.
    opened.requests[0]!.answer({ decision: 'allow' });
    await expect(opened.thread.endCommands()).rejects.toMatchObject({ code: 'codex_unavailable' });

    const resumed = await agent.open({}, opened.thread.id);
    expect(resumed.thread.id).toBe(opened.thread.id);
    agent.upstream.use(say('Two.'));
    expect(await resumed.run()).toMatchObject({ status: 'completed' });
    expect(agent.upstream.requests.at(-1)!.text).toContain('Remember me.');
    expect(appServers()).toHaveLength(1);
    expect(agent.config()).toBe(before);
  });

  it('that has grown too large is replaced between two turns, the new one first', async () => {
    const sizeLimits = { memoryBytes: 1, logBytes: 1_000_000_000 };
    const seen: Observation[] = [];
    const observer = createObserver([(observation) => void seen.push(observation)]);
    const ready = () => seen.filter(({ type }) => type === 'app-server-ready').length;
    const engine = createAgentEngine({ ...agent.options, sizeLimits, observer });
    onTestFinished(() => engine.close());
    const first = new Set(appServers());
    const newOnes = () => appServers().filter((pid) => !first.has(pid));

    const opened = await agent.open({}, undefined, engine);
    const [old] = newOnes();
    const asked = Promise.withResolvers<void>();
    opened.use(() => {
      asked.resolve();
      return undefined;
    });
    agent.upstream.use(act([patchOf('*** Add File: outgrown.txt', '+x')], 'Done.'));
    const end = opened.next('turn-completed');
    await opened.thread.startTurn({ ...TURN, input: [{ type: 'text', text: 'Go.' }] });
    await asked.promise;

    await until(() => ready() === 2);
    expect(newOnes()).toHaveLength(2);
    // Another thread starts in the new one while the turn goes on in the old one.
    agent.upstream.use(act('Done.'));
    const other = await agent.open({}, undefined, engine);
    expect(await other.run()).toMatchObject({ status: 'completed' });
    expect(isAlive(old!)).toBe(true);
    opened.requests[0]!.answer({ decision: 'allow' });
    expect(await end).toMatchObject({ status: 'completed' });

    expect(await opened.run()).toMatchObject({ status: 'completed' });
    await until(() => !isAlive(old!));
    expect(await opened.run()).toMatchObject({ status: 'completed' });
    expect(newOnes()).toHaveLength(1);
    expect(agent.upstream.requests.at(-1)!.text).toContain('outgrown.txt');
    expect(seen.map(({ type }) => type)).toContain('app-server-outgrown');
  });
});
