import { abortable } from '../../base/async/abort.ts';
import { StartupError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { createConnection } from '../protocol/connection.ts';
import { initialize } from '../protocol/initialize.ts';
import { reasonOf, spawnAppServer, type SpawnOptions } from '../process/process.ts';
import { UNHEARD, type LoginCompleted } from '../protocol/protocol.ts';

/** A sign-in that waits for its user. */
export interface DeviceLogin {
  /** The page to open, and the code to enter there. */
  readonly verificationUrl: string;
  readonly userCode: string;
  /** Settles when the login is kept; rejects with a `StartupError` when it is refused or the code has expired. */
  readonly completed: Promise<void>;
  /** Gives up where it is not completed. */
  close(): Promise<void>;
}

export interface DeviceLoginOptions extends SpawnOptions {
  readonly clientVersion: string;
  readonly log: Log;
  /** Gives up before there is a code. */
  readonly signal: AbortSignal;
}

/** `account/login/start` with a device code, on an app-server of its own: while the issuer is silent, it answers little else. */
export async function startDeviceLogin(options: DeviceLoginOptions): Promise<DeviceLogin> {
  const child = spawnAppServer(options);
  const { promise: completed, resolve, reject } = Promise.withResolvers<void>();
  // It is heard of when somebody waits for it.
  completed.catch(() => {});
  const connection = createConnection({
    input: child.stdout,
    output: child.stdin,
    log: options.log,
    onNotification(notification) {
      if (notification.method !== 'account/login/completed') return;
      const failure = failureOf(notification.params);
      if (failure === undefined) resolve();
      else reject(failure);
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
    await initialize(connection, options.clientVersion, UNHEARD.login);
    options.signal.throwIfAborted();
    const asked = connection.request('account/login/start', { type: 'chatgptDeviceCode' });
    const started = await abortable(asked, options.signal);
    if (started.type !== 'chatgptDeviceCode') throw new Error(`Codex started a login by ${started.type}`);
    const { verificationUrl, userCode } = started;
    return { verificationUrl, userCode, completed, close: child.close };
  } catch (error) {
    // It may wait for an issuer that is silent, and would hear of nothing else.
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
