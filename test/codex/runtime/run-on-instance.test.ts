import { describe, expect, it } from 'vitest';
import { RpcError } from '../../../src/codex/protocol/rpc-error.ts';
import type { ManagedInstance } from '../../../src/codex/runtime/instance-manager.ts';
import { runOnInstance } from '../../../src/codex/runtime/run-on-instance.ts';

const NEVER = new AbortController().signal;
const REFUSED = new RpcError('refused', 'thread/start', 'No such file or directory');

interface Instance extends ManagedInstance {
  readonly name: string;
}

/** Creates a manager of two instances and records what happens to them; the first one may have lost its home. */
function create(hasLostHome: boolean) {
  const events: string[] = [];
  const [first, second] = ['first', 'second'].map((name): Instance => ({
    name,
    isProvisional: false,
    hasLostHome: async () => hasLostHome,
    catchUp: async () => false,
    acquire: () => () => {},
    retire: async () => {},
    close: async () => {},
  }));
  let inCharge = first!;
  const manager: Parameters<typeof runOnInstance<Instance>>[0] = {
    async acquireUnchecked() {
      const instance = inCharge;
      events.push(`acquire ${instance.name}`);
      return { instance, release: () => events.push(`release ${instance.name}`) };
    },
    replaceLost({ name }) {
      events.push(`replace ${name}`);
      inCharge = second!;
    },
  };
  return { manager, events };
}

describe('the work of a request', () => {
  it('runs on the instance in charge and releases it', async () => {
    const { manager, events } = create(true);
    await runOnInstance(manager, NEVER, async ({ name }) => void events.push(`work ${name}`));
    expect(events).toEqual(['acquire first', 'work first', 'release first']);
  });

  it('runs again on a new instance when the first has lost its home', async () => {
    const { manager, events } = create(true);
    await runOnInstance(manager, NEVER, async ({ name }) => {
      events.push(`work ${name}`);
      if (name === 'first') throw REFUSED;
    });
    expect(events).toEqual([
      'acquire first',
      'work first',
      'release first',
      'replace first',
      'acquire second',
      'work second',
      'release second',
    ]);
  });

  it.each([
    ['whose home is there', false, REFUSED],
    ['that has lost its home, once it has a thread', true, new RpcError('refused', 'turn/start', 'no')],
    ['that did not answer', true, new RpcError('timeout', 'thread/start', 'thread/start was not answered')],
  ])('fails on an instance %s', async (_, hasLostHome, error) => {
    const { manager, events } = create(hasLostHome);
    await expect(runOnInstance(manager, NEVER, () => Promise.reject(error))).rejects.toBe(error);
    expect(events).toEqual(['acquire first', 'release first']);
  });
});
