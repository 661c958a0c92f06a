import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startAppServer } from '../../../src/codex/process/app-server.ts';
import type { AppServer } from '../../../src/codex/process/connect-app-server.ts';
import { readCpuSeconds } from '../../../src/codex/process/cpu-time.ts';
import { TIMEOUTS_MS } from '../../../src/codex/protocol/methods.ts';
import { LOOK_INTERVAL_MS } from '../../../src/codex/process/health.ts';
import { IGNORE_ALL } from '../../../src/codex/protocol/notifications.ts';
import { refuse } from '../../../src/codex/protocol/refusals.ts';
import { childrenOf } from '../../support/process.ts';
import { writeFakeCodex, type FakeCodex } from '../../support/fake-codex.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function start(fake: FakeCodex, signal = new AbortController().signal) {
  const folder = temporaryFolder();
  const log = createMemoryLog();
  const server = await startAppServer(
    {
      binary: writeFakeCodex(folder, fake),
      codexHome: folder,
      workingDirectory: folder,
      environment: {},
      client: {
        notifications: IGNORE_ALL,
        answer: (method) => refuse(method, log),
        prepare: async () => ({}),
      },
      clientVersion: '0',
      observer: log,
    },
    signal,
  );
  onTestFinished(() => server.close());
  const [pid] = childrenOf(process.pid, folder);
  return { server: { ...server, pid: pid! }, log, folder };
}

it('reads every page of the models', async () => {
  const { server } = await start({
    onRequest: `
      if (line.method !== 'model/list') start(line);
      else if (line.params.cursor === null) reply({ data: [{ model: 'a' }], nextCursor: 'next' });
      else reply({ data: [{ model: line.params.cursor }], nextCursor: null })
    `,
  });
  expect(server.models.map(({ model }) => model)).toEqual(['a', 'next']);
});

it('starts when the account cannot be read and reports why', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'account/read') fail(-32603, 'offline'); else start(line)`,
  });
  expect(server.login).toEqual({ type: 'unknown', problem: 'offline' });
});

it('skips garbage in its output and logs it', async () => {
  const { server, log } = await start({
    onRequest: `if (line.method === 'model/list') console.log('garbage'); start(line)`,
  });
  expect(server.models).toHaveLength(1);
  expect(log.lines).toEqual([expect.stringContaining('garbage')]);
});

it('is killed when it ignores that its input was closed', async () => {
  const { server } = await start({
    onStart: `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.exit = () => {};`,
  });
  await server.close();
  expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
});

it('is ended when it hangs during its start and the start is aborted', async () => {
  const controller = new AbortController();
  const starting = start({ onRequest: '' }, controller.signal);
  controller.abort();
  await expect(starting).rejects.toThrow('did not start');
});

it('stops reading models when the pages never end', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'model/list') reply({ data: [{ model: 'a' }], nextCursor: 'again' }); else start(line)`,
  });
  expect(server.models.length).toBeLessThan(4);
});

/** Lets time pass that belongs to the test; what the child does takes the real one. */
function fakeTime() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** A real wait, for the child to do something in. */
const pass = async (milliseconds: number) => await setTimeout(milliseconds);

const interrupt = (server: AppServer<unknown>) =>
  server.connection.request('turn/interrupt', { threadId: 't', turnId: '' });

/** Starts a request that is never answered, and lets its time pass. */
async function letRequestExpire(server: AppServer<unknown>) {
  fakeTime();
  void interrupt(server).catch(() => {});
  await vi.advanceTimersByTimeAsync(TIMEOUTS_MS['turn/interrupt']);
}

/** Lets a look at the child's signs of life come due, which reads a file. */
async function look() {
  await pass(200);
  await vi.advanceTimersByTimeAsync(LOOK_INTERVAL_MS);
}

/** Lets looks come due until the child has ended. */
async function untilEnded({ exited }: AppServer<unknown>) {
  for (;;) {
    const looking = look();
    const exit = await Promise.race([exited, looking]);
    // It would move the clock of the next test.
    await looking;
    if (exit) return exit;
  }
}

it('is ended when it answers nothing any more, even if no caller waits', async () => {
  const { server, log } = await start({
    onStart: 'let mute = false;',
    onRequest: `mute ||= line.method === 'turn/interrupt'; if (!mute) start(line)`,
  });
  await letRequestExpire(server);
  expect(await untilEnded(server)).toMatchObject({ signal: 'SIGKILL' });
  expect(log.lines).toEqual([expect.stringContaining('does not answer, ending it')]);
});

it('is not ended while it answers other requests', async () => {
  const { server, log } = await start({});
  await letRequestExpire(server);
  await server.connection.request('model/list', {});
  await look();
  await server.close();
  expect(await server.exited).toMatchObject({ signal: undefined });
  expect(log.lines).toEqual([]);
});

it('is not ended while it computes, and its late answer is accepted', async () => {
  const { server, log, folder } = await start({
    onRequest: `
      if (line.method !== 'turn/interrupt') start(line);
      else {
        const used = () => process.cpuUsage().user + process.cpuUsage().system;
        const end = used() + 4_000_000;
        const isEnough = () => require('node:fs').existsSync('enough');
        while (used() < end && !isEnough()) for (let count = 0; count < 1_000_000; count += 1);
        reply({});
      }
    `,
  });
  fakeTime();
  const request = interrupt(server);
  await pass(100);
  await vi.advanceTimersByTimeAsync(TIMEOUTS_MS['turn/interrupt']);
  // It computes for more than a twentieth of the time that passes here.
  for (let round = 0; round < 2; round += 1) {
    const before = await readCpuSeconds(server.pid);
    while ((await readCpuSeconds(server.pid))! < before! + 0.85) await pass(10);
    await vi.advanceTimersByTimeAsync(LOOK_INTERVAL_MS);
  }
  writeFileSync(join(folder, 'enough'), '');
  expect(await request).toEqual({});
  await server.close();
  expect(await server.exited).toMatchObject({ signal: undefined });
  expect(log.lines).toEqual([]);
});

it('is not ended while it writes without answering', async () => {
  const { server } = await start({
    onStart: 'let mute = false;',
    onRequest: `
      mute ||= line.method === 'turn/interrupt';
      if (mute) setInterval(() => send('{"method":"warning","params":{}}'), 10);
      else start(line)
    `,
  });
  await letRequestExpire(server);
  await look();
  await look();
  let hasExited = false;
  void server.exited.then(() => (hasExited = true));
  await pass(100);
  expect(hasExited).toBe(false);
});

it('is ended when it was stopped by SIGSTOP', async () => {
  const { server } = await start({});
  process.kill(server.pid, 'SIGSTOP');
  await letRequestExpire(server);
  expect(await untilEnded(server)).toMatchObject({ signal: 'SIGKILL' });
});

it('is ended when it goes on after closing its output', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'turn/interrupt') require('node:fs').closeSync(1); else start(line)`,
  });
  server.connection.request('turn/interrupt', { threadId: 't', turnId: '' }).catch(() => {});
  expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
});
