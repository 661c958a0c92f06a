import { expect, it, onTestFinished, vi } from 'vitest';
import { startAppServer, type AppServer } from '../../src/codex/app-server.ts';
import { TIMEOUTS } from '../../src/codex/protocol.ts';
import { writeFakeCodex, type FakeCodex } from '../support/fake-codex.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function start(fake: FakeCodex, signal = new AbortController().signal) {
  const folder = temporaryFolder();
  const log = createMemoryLog();
  const server = await startAppServer(
    {
      binary: writeFakeCodex(folder, fake),
      codexHome: folder,
      workingDirectory: folder,
      environment: {},
      modelProvider: 'gateway',
      clientVersion: '0',
      log,
    },
    signal,
  );
  onTestFinished(() => server.close());
  return { server, log };
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

it('starts without an account that can be read, and says why', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'account/read') fail(-32603, 'offline'); else start(line)`,
  });
  expect(server.login).toEqual({ type: 'unknown', problem: 'offline' });
});

it('passes over garbage once it has started', async () => {
  const { server, log } = await start({
    onRequest: `if (line.method === 'model/list') console.log('garbage'); start(line)`,
  });
  expect(server.models).toHaveLength(1);
  expect(log.lines).toEqual([expect.stringContaining('garbage')]);
});

it('is ended the hard way when it does not heed its closed input', async () => {
  const { server } = await start({
    onStart: `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.exit = () => {};`,
  });
  await server.close();
  expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
});

it('one that hangs while it starts is ended when nobody waits for it any more', async () => {
  const controller = new AbortController();
  const starting = start({ onRequest: '' }, controller.signal);
  controller.abort();
  await expect(starting).rejects.toThrow('did not start');
});

it('is not fooled by pages without an end', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'model/list') reply({ data: [{ model: 'a' }], nextCursor: 'again' }); else start(line)`,
  });
  expect(server.models.length).toBeLessThan(4);
});

/** Starts a request that is never answered, and lets its time pass. */
async function letRequestExpire(server: AppServer) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const request = server.connection.request('turn/interrupt', { threadId: 't', turnId: '' }).catch(() => {});
  await vi.advanceTimersByTimeAsync(TIMEOUTS['turn/interrupt']);
  await request;
}

it('one that answers nothing any more is ended, though nobody waits for its answer', async () => {
  const { server, log } = await start({
    onStart: 'let mute = false;',
    onRequest: `mute ||= line.method === 'turn/interrupt'; if (!mute) start(line)`,
  });
  await letRequestExpire(server);
  await vi.advanceTimersByTimeAsync(TIMEOUTS['model/list']);
  expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
  expect(log.lines).toEqual([expect.stringContaining('does not answer, ending it')]);
});

it('one that answers others is left alone', async () => {
  const { server, log } = await start({});
  await letRequestExpire(server);
  await server.connection.request('model/list', {});
  await vi.advanceTimersByTimeAsync(TIMEOUTS['model/list']);
  await server.close();
  expect(await server.exited).toMatchObject({ signal: undefined });
  expect(log.lines).toEqual([]);
});

it('one that lives on after it closed its output is ended', async () => {
  const { server } = await start({
    onRequest: `if (line.method === 'turn/interrupt') require('node:fs').closeSync(1); else start(line)`,
  });
  server.connection.request('turn/interrupt', { threadId: 't', turnId: '' }).catch(() => {});
  expect(await server.exited).toMatchObject({ signal: 'SIGKILL' });
});
