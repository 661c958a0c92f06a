import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { Account } from '../../../generated/v2/Account.js';
import type { Model as CodexModel } from '../../../generated/v2/Model.js';
import type { ModelListResponse } from '../../../generated/v2/ModelListResponse.js';
import { messageOf, StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { createConnection, type Connection, type ConnectionPolicy } from '../protocol/connection.ts';
import { checkMethods, initialize } from '../protocol/handshake.ts';
import { createNotificationRouter, type NotificationRouter } from '../protocol/notification-router.ts';
import type { ChildProcess, Exit, SpawnOptions } from './child-process.ts';
import { createHealth, type Health } from './health.ts';

/** The login that pays for turns: an account, none yet, or none at all because the provider needs no OpenAI account. */
export type Login =
  | { readonly type: 'account'; readonly account: Account }
  | { readonly type: 'signed-out' | 'not-needed' }
  | { readonly type: 'unknown'; readonly problem: string };

/** One running, initialized app-server. A request without an answer leads to a check of its health. */
export interface AppServer<State> extends Health {
  readonly connection: Connection;
  readonly notifications: NotificationRouter;
  readonly exited: Promise<Exit>;
  readonly login: Login;
  readonly models: readonly CodexModel[];
  /** The state that the profile keeps for this child. */
  readonly state: State;
  readonly observer: Observer;
  /** Returns the bytes of memory that it takes; undefined if the system does not report it. */
  residentBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** The part of a profile in one child. */
export interface AppServerClient<State> extends ConnectionPolicy {
  /**
   * Called with the notifications of one read of the pipe, before the listeners of their threads; of threads that nobody
   * listens to, only those that are heard early.
   */
  onNotifications?(batch: readonly ServerNotification[]): void;
  /** Prepares a child that has been initialized; resolves to the state that the profile keeps for it. */
  prepare(connection: Connection): Promise<State>;
}

export interface AppServerOptions<State> extends SpawnOptions {
  readonly client: AppServerClient<State>;
  readonly clientVersion: string;
  readonly observer: Observer;
}

/** Initializes a child, and reads what the gateway needs to know of it. */
export async function connectAppServer<State>(
  child: ChildProcess,
  { client, clientVersion, observer }: AppServerOptions<State>,
): Promise<AppServer<State>> {
  const wires = connectTo(child, client, observer);
  const { connection, notifications, health } = wires;
  await wires.untilGarbage(initialize(connection, clientVersion, client.notifications));
  await checkMethods(connection);
  const [models, login, state] = await Promise.all([
    listModels(connection),
    readLogin(connection),
    client.prepare(connection),
  ]);
  const { exited, residentBytes, close } = child;
  return {
    connection,
    notifications,
    exited,
    models,
    login,
    state,
    observer,
    ...health,
    residentBytes,
    close,
  };
}

/** Connects the pipes of a child with the client. */
function connectTo(child: ChildProcess, client: AppServerClient<unknown>, observer: Observer) {
  const notifications = createNotificationRouter();
  const garbage = Promise.withResolvers<never>();
  let isInitialized = false;
  const health = createHealth(child, () => connection, observer);
  const connection = createConnection({
    input: child.stdout,
    output: child.stdin,
    policy: client,
    onNotifications(batch) {
      client.onNotifications?.(batch);
      notifications.route(batch);
    },
    listens: notifications.listens,
    onTooLong: notifications.reportTooLong,
    onGarbage(problem) {
      if (isInitialized) return observer.observe({ type: 'app-server-garbage', problem });
      // It may print without end.
      child.kill();
      garbage.reject(
        new StartupError('The output of codex app-server is not JSON-RPC; use another --codex.'),
      );
    },
    onTimeout: health.check,
  });
  void child.exited.then(() => {
    connection.dispose();
    notifications.close();
  });
  return {
    connection,
    notifications,
    health,
    /** Waits for the initialization; rejects if the child prints anything else first. */
    async untilGarbage(initializing: Promise<void>) {
      await Promise.race([initializing, garbage.promise]);
      isInitialized = true;
    },
  };
}

async function listModels(connection: Connection): Promise<CodexModel[]> {
  const models: CodexModel[] = [];
  const requested = new Set<string | null>();
  let cursor: string | null = null;
  while (!requested.has(cursor)) {
    requested.add(cursor);
    const page: Partial<ModelListResponse> = await connection.request('model/list', {
      cursor,
      includeHidden: true,
    });
    models.push(...(page.data ?? []));
    cursor = page.nextCursor ?? null;
  }
  if (models.length === 0)
    throw new StartupError('This codex has an empty list of models; use another --codex.');
  return models;
}

/** Reads the account, which may need the network: a gateway that cannot reach it yet still starts. */
async function readLogin(connection: Connection): Promise<Login> {
  try {
    const { account, requiresOpenaiAuth } = await connection.request('account/read', { refreshToken: false });
    if (account) return { type: 'account', account };
    return { type: requiresOpenaiAuth ? 'signed-out' : 'not-needed' };
  } catch (error) {
    return { type: 'unknown', problem: messageOf(error) };
  }
}
