import { abortable } from '../../base/async/abort.ts';
import { StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { reasonOf, spawnAppServer, type SpawnOptions } from '../process/child-process.ts';
import { createConnection } from '../protocol/connection.ts';
import { initialize } from '../protocol/handshake.ts';
import {
  IGNORE_ALL,
  isHeard,
  type NotificationOf,
  type NotificationTable,
} from '../protocol/notifications.ts';
import { refuse } from '../protocol/refusals.ts';

const LOGIN_NOTIFICATIONS = {
  ...IGNORE_ALL,
  'account/login/completed': 'heard',
} as const satisfies NotificationTable;

type LoginCompleted = NotificationOf<typeof LOGIN_NOTIFICATIONS>['params'];

/** A sign-in that waits for its user. */
export interface DeviceLogin {
  /** The page to open, and the code to enter there. */
  readonly verificationUrl: string;
  readonly userCode: string;
  /** Settles when the login is stored; rejects with a `StartupError` when it is refused or the code has expired. */
  readonly completed: Promise<void>;
  /** Gives up the sign-in if it is not completed. */
  close(): Promise<void>;
}

export interface DeviceLoginOptions extends SpawnOptions {
  readonly clientVersion: string;
  readonly observer: Observer;
  /** Gives up the sign-in before there is a code. */
  readonly signal: AbortSignal;
}

/** Starts a login with a device code, on an app-server of its own: while the issuer is silent, that answers little else. */
export async function startDeviceLogin(options: DeviceLoginOptions): Promise<DeviceLogin> {
  const child = spawnAppServer(options);
  const { promise: completed, resolve, reject } = Promise.withResolvers<void>();
  // A rejection is reported to the one who waits for it, if anyone does.
  completed.catch(() => {});
  const connection = createConnection({
    input: child.stdout,
    output: child.stdin,
    policy: { notifications: LOGIN_NOTIFICATIONS, answer: (method) => refuse(method, options.observer) },
    onNotifications(batch) {
      for (const notification of batch) {
        if (!isHeard(LOGIN_NOTIFICATIONS, notification)) continue;
        const failure = failureOf(notification.params);
        if (failure === undefined) resolve();
        else reject(failure);
      }
    },
    onGarbage: () => child.kill(),
    async onTimeout() {
      child.kill();
      return false;
    },
  });
  void child.exited.then(() => {
    connection.dispose();
    reject(new StartupError('codex app-server ended before the sign-in was completed.'));
  });
  try {
    await initialize(connection, options.clientVersion, LOGIN_NOTIFICATIONS);
    options.signal.throwIfAborted();
    const request = connection.request('account/login/start', { type: 'chatgptDeviceCode' });
    const started = await abortable(request, options.signal);
    if (started.type !== 'chatgptDeviceCode') throw new Error(`Codex started a login by ${started.type}`);
    const { verificationUrl, userCode } = started;
    return { verificationUrl, userCode, completed, close: child.close };
  } catch (error) {
    // It may wait for a silent issuer, and would not react to anything else.
    child.kill();
    await child.close();
    if (error instanceof StartupError) throw error;
    throw new StartupError(`Codex cannot sign in: ${await reasonOf(child, error)}`, { cause: error });
  }
}

function failureOf({ success, error }: LoginCompleted): StartupError | undefined {
  if (success) return undefined;
  return new StartupError(
    `The sign-in was refused, or its code has expired (${error ?? 'no reason is given'}); sign in again for a new code.`,
  );
}
