import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { createSemaphore } from '../../src/base/async/semaphore.ts';
import { createEchoLines } from '../../src/codex/chat/profile/echo-lines.ts';
import { createIntake } from '../../src/codex/chat/profile/intake.ts';
import { createParkedCalls } from '../../src/codex/chat/profile/parked-calls.ts';
import type { BareAppServer } from '../../src/codex/chat/profile/profile.ts';
import { createWarmThreads } from '../../src/codex/chat/profile/warm-threads.ts';
import { whileAlive } from '../../src/codex/process/health.ts';
import type { Connection } from '../../src/codex/protocol/connection.ts';
import type { Method, Methods } from '../../src/codex/protocol/methods.ts';
import { createNotificationRouter } from '../../src/codex/protocol/notification-router.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';

/** Returns the part of an app-server's reply that a test needs. */
export type Reply = (method: Method, params: Methods[Method]['params']) => object | Promise<object>;

/** Creates a connection with scripted replies. */
export function createScriptedConnection(reply: Reply): Connection {
  return {
    async request(method, params, options) {
      options?.onWritten?.();
      return (await reply(method, params)) as never;
    },
    ping: async () => {},
    receivedBytes: 0,
    listMethods: async () => undefined,
    dispose: () => {},
  };
}

/** Creates an app-server with scripted replies that computes and writes nothing. */
export function createScriptedAppServer(reply: Reply): BareAppServer & { readonly observer: MemoryLog } {
  return {
    connection: createScriptedConnection(reply),
    notifications: createNotificationRouter(),
    exited: new Promise(() => {}),
    login: { type: 'not-needed' },
    models: [],
    state: {
      workingDirectory: '/',
      modelProvider: () => 'gateway',
      canGuardRequests: false,
      maxGuardTries: 1,
      parkedCalls: createParkedCalls(),
      echoLines: createEchoLines(),
      decoding: createSemaphore(1),
      intake: createIntake(),
      warmThreads: createWarmThreads({ hasHome: () => true, release: async () => {}, ending: NEVER_ABORTED }),
      keptThreads: undefined,
      limits: () => [],
    },
    observer: createMemoryLog(),
    check: async () => false,
    whileAlive: async (promise) =>
      await whileAlive(promise, async () => ({ cpuSeconds: 0, writtenBytes: 0 })),
    residentBytes: async () => undefined,
    close: async () => {},
  };
}
