import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { IGNORE_ALL, ignoredIn, type NotificationTable } from '../../../src/codex/protocol/notifications.ts';
import { startInstance } from '../../../src/codex/runtime/instance.ts';
import type { Profile } from '../../../src/codex/runtime/profile.ts';
import { writeFakeCodex } from '../../support/fake-codex.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NEVER = new AbortController().signal;

const NOTIFICATIONS: NotificationTable = { ...IGNORE_ALL, 'turn/diff/updated': 'heard' };

interface TinyState {
  readonly child: number;
  readonly methods: readonly string[] | undefined;
}

/** A profile that has nothing in common with chat: it reads the changes of files, and approves commands. */
function createTinyProfile(): Profile<TinyState> {
  let children = 0;
  return {
    config: ({ modelProvider }) => ({ model_provider: modelProvider, sandbox_mode: 'workspace-write' }),
    catalog: () => undefined,
    createClient() {
      children += 1;
      const child = children;
      return {
        notifications: NOTIFICATIONS,
        answer: (method) => (method.endsWith('/requestApproval') ? { decision: 'accept' } : undefined),
        prepare: async (connection) => ({ child, methods: await connection.listMethods() }),
      };
    },
  };
}

/**
 * An app-server that asks for an approval and for a login token when a thread starts, and reports both answers and the
 * notifications that it is not to send as a diff. It exits when a turn is interrupted.
 */
const ON_REQUEST = `
  const ask = (id, method) => send(JSON.stringify({ id, method, params: { threadId: 't' } }));
  const notify = (method, params) => send(JSON.stringify({ method, params: { threadId: 't', turnId: 'u', ...params } }));
  if (line.method === 'initialize') globalThis.optOut = line.params.capabilities.optOutNotificationMethods;
  if (line.method === 'thread/start') {
    globalThis.answers = [];
    reply({ thread: { id: 't' } });
    ask(100, 'item/commandExecution/requestApproval');
    ask(101, 'account/chatgptAuthTokens/refresh');
  } else if (line.method === 'turn/interrupt') process.exit(1);
  else if (line.method !== undefined) start(line);
  else {
    answers.push(line.result ?? line.error.message);
    if (answers.length < 2) return;
    notify('item/completed', { item: {} });
    notify('turn/diff/updated', { diff: JSON.stringify({ answers, optOut }) });
  }
`;

async function start() {
  const folder = temporaryFolder();
  const log = createMemoryLog();
  const instance = await startInstance(
    createTinyProfile(),
    {
      binary: {
        path: writeFakeCodex(folder, { onRequest: `(() => {${ON_REQUEST}})()` }),
        version: '0.169.0',
      },
      provider: { id: 'fake', config: {} },
      userHome: undefined,
      systemFolder: join(folder, 'etc'),
      stateDirectory: folder,
      environment: {},
      catalog: undefined,
      clientVersion: '0',
      ignoreRows: async () => true,
      observer: log,
    },
    NEVER,
  );
  onTestFinished(() => instance.close());
  return { instance, folder, log };
}

const startThread = {
  model: 'fake',
  experimentalRawEvents: false,
} as const;

it('a second profile answers requests and hears notifications in its own way', async () => {
  const { instance, log } = await start();
  const server = await instance.current(NEVER);
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  server.notifications.listen('t', {
    onNotifications(batch) {
      for (const notification of batch) {
        heard.push(notification.method);
        if (notification.method === 'turn/diff/updated') resolve(notification.params.diff);
      }
    },
    onClose: () => {},
  });
  await server.connection.request('thread/start', startThread);
  expect(JSON.parse(await promise)).toEqual({
    answers: [{ decision: 'accept' }, 'codex-gateway refuses this request'],
    optOut: ignoredIn(NOTIFICATIONS),
  });
  expect(heard).toEqual(['turn/diff/updated']);
  expect(log.lines).toEqual([]);
});

it('a second profile configures its children and keeps Codex’s own catalog', async () => {
  const { folder } = await start();
  const [home] = readdirSync(join(folder, 'homes'));
  expect(readdirSync(join(folder, 'homes', home!)).toSorted()).toEqual(['config.toml', 'cwd']);
  expect(readFileSync(join(folder, 'homes', home!, 'config.toml'), 'utf8')).toMatch(
    /^model_provider = "gateway_\w+"\nsandbox_mode = "workspace-write"\n$/,
  );
});

it('a second profile has a state for each child, which is supervised as others are', async () => {
  const { instance, log } = await start();
  const first = await instance.current(NEVER);
  expect(first.state).toEqual({ child: 1, methods: expect.arrayContaining(['thread/start']) as unknown });
  first.connection.request('turn/interrupt', { threadId: 't', turnId: 'u' }).catch(() => {});
  await first.exited;
  const second = await instance.current(NEVER);
  expect(second.state.child).toBe(2);
  expect(log.lines).toEqual([expect.stringContaining('codex app-server ended, starting it again')]);
});
