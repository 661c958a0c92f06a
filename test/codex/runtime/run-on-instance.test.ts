import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
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

type Manager = Parameters<typeof runOnInstance<Instance>>[0];
type Work = (instance: Instance) => Promise<void>;

const run = (manager: Manager, work: Work, signal = NEVER) =>
  runOnInstance(manager, signal, { work, onAgain: () => {} });

describe('the work of a request', () => {
  it('runs on the instance in charge and releases it', async () => {
    const { manager, events } = create(true);
    await run(manager, async ({ name }) => void events.push(`work ${name}`));
    expect(events).toEqual(['acquire first', 'work first', 'release first']);
  });

  it('runs again on a new instance when the first has lost its home', async () => {
    const { manager, events } = create(true);
    await run(manager, async ({ name }) => {
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
    ['for a reason of its own', true, new GatewayError('codex_not_signed_in', 'no')],
  ])('fails on an instance %s', async (_, hasLostHome, error) => {
    const { manager, events } = create(hasLostHome);
    await expect(run(manager, () => Promise.reject(error))).rejects.toBe(error);
    expect(events).toEqual(['acquire first', 'release first']);
  });
});

describe('work whose app-server ends', () => {
  /** Work that fails with the next of the errors each time it runs, and succeeds when there is none left. */
  function failing(...errors: RpcError[]) {
    let runs = 0;
    const work = async () => {
      runs += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
    };
    return { work, runs: () => runs };
  }

  it.each([
    ['ended', new RpcError('closed', 'thread/start', 'ended')],
    ['ended later', new RpcError('closed', 'thread/inject_items', 'ended')],
    ['hung', new RpcError('timeout', 'thread/start', 'not answered')],
  ])('runs once more when it has %s', async (_what, error) => {
    const { manager, events } = create(false);
    const { work, runs } = failing(error);
    let repeated = 0;
    await runOnInstance(manager, NEVER, { work, onAgain: () => (repeated += 1) });
    expect([runs(), repeated]).toEqual([2, 1]);
    expect(events).toEqual(['acquire first', 'release first', 'acquire first', 'release first']);
  });

  it('fails when the second one ends as well', async () => {
    const { manager } = create(false);
    const [first, second] = [1, 2].map(() => new RpcError('closed', 'thread/start', 'ended'));
    const { work, runs } = failing(first!, second!);
    await expect(run(manager, work)).rejects.toBe(second);
    expect(runs()).toBe(2);
  });

  it('runs as often as needed when nothing of it had been sent', async () => {
    const { manager } = create(false);
    const unsent = () => new RpcError('closed', 'thread/start', 'ended', { isUnsent: true });
    const { work, runs } = failing(
      unsent(),
      unsent(),
      new RpcError('closed', 'thread/start', 'ended'),
      unsent(),
    );
    await run(manager, work);
    expect(runs()).toBe(5);
  });

  it('does not run again for a caller who has left', async () => {
    const { manager } = create(false);
    const gone = new AbortController();
    const { work, runs } = failing(new RpcError('closed', 'thread/start', 'ended'));
    const leaving = async () => {
      gone.abort(new Error('gone'));
      await work();
    };
    await expect(run(manager, leaving, gone.signal)).rejects.toThrow('gone');
    expect(runs()).toBe(1);
  });
});
