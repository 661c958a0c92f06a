import type { Account } from '../../../generated/v2/Account.js';
import type { Model as CodexModel } from '../../../generated/v2/Model.js';
import type { ModelListResponse } from '../../../generated/v2/ModelListResponse.js';
import { messageOf, StartupError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { createSemaphore, type Semaphore } from '../../base/async/semaphore.ts';
import { createConnection, type Connection } from '../protocol/connection.ts';
import { addDeadEnd } from '../chat/dead-end.ts';
import { createHealth, type Health } from './health.ts';
import { initialize } from '../protocol/initialize.ts';
import { createIntake, type Intake } from '../protocol/intake.ts';
import { createNotificationRouter, type NotificationRouter } from '../protocol/notification-router.ts';
import { reasonOf, spawnAppServer, type ChildProcess, type Exit, type SpawnOptions } from './process.ts';
import { OPTIONAL_METHODS, TIMEOUTS, UNHEARD, type Method } from '../protocol/protocol.ts';

/** Who pays for the turns: an account, nobody yet, or a provider that needs no OpenAI login. */
export type Login =
  | { readonly type: 'account'; readonly account: Account }
  | { readonly type: 'signed-out' | 'not-needed' }
  | { readonly type: 'unknown'; readonly problem: string };

/** One running, initialized app-server. A request without an answer leads to a check of its health by itself. */
export interface AppServer extends Health {
  readonly connection: Connection;
  readonly notifications: NotificationRouter;
  readonly exited: Promise<Exit>;
  readonly login: Login;
  readonly models: readonly CodexModel[];
  /** Whether a turn can be kept from asking the model again. */
  readonly hasDeadEnd: boolean;
  /** A place for the one request whose images are decoded: a large one takes hundreds of megabytes meanwhile. */
  readonly decoding: Semaphore;
  /** Order in which turns are handed over. */
  readonly intake: Intake;
  readonly workingDirectory: string;
  /** The one that threads use. */
  readonly modelProvider: string;
  readonly log: Log;
  close(): Promise<void>;
}

export interface AppServerOptions extends SpawnOptions {
  readonly modelProvider: string;
  readonly clientVersion: string;
  readonly log: Log;
}

/** Starts a child and makes sure that it is an app-server the gateway can use; throws a `StartupError` that says why not. */
export async function startAppServer(options: AppServerOptions, signal: AbortSignal): Promise<AppServer> {
  const { log, clientVersion, workingDirectory, modelProvider } = options;
  const child = spawnAppServer(options);
  const notifications = createNotificationRouter();
  const garbage = Promise.withResolvers<never>();
  let initialized = false;
  const health = createHealth(child, () => connection, log);
  const connection = createConnection({
    input: child.stdout,
    output: child.stdin,
    log,
    onNotification: notifications.route,
    judge: notifications.judge,
    onTooLong: notifications.reportTooLong,
    onGarbage(problem) {
      if (initialized) return log.warn('app-server sent garbage', { problem });
      // It may print without end.
      child.kill();
      garbage.reject(
        new StartupError('What codex app-server prints is not its protocol; use another --codex.'),
      );
    },
    onTimeout: health.check,
  });
  void child.exited.then(() => {
    connection.dispose();
    notifications.close();
  });
  signal.addEventListener('abort', child.kill, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([initialize(connection, clientVersion, UNHEARD.turn), garbage.promise]);
    initialized = true;
    await checkMethods(connection);
    const known = await getToKnow(connection);
    return {
      connection,
      notifications,
      exited: child.exited,
      ...known,
      decoding: createSemaphore(1),
      intake: createIntake(),
      workingDirectory,
      modelProvider,
      log,
      ...health,
      close: child.close,
    };
  } catch (error) {
    throw await explainFailure(child, options.codexHome, error);
  } finally {
    signal.removeEventListener('abort', child.kill);
  }
}

async function checkMethods(connection: Connection): Promise<void> {
  const known = await connection.listMethods();
  const needed = (Object.keys(TIMEOUTS) as Method[]).filter((method) => !OPTIONAL_METHODS.includes(method));
  const missing = needed.filter((method) => known && !known.includes(method));
  if (missing.length > 0) {
    throw new StartupError(
      `This codex lacks the app-server method ${missing.join(', ')}; use another --codex.`,
    );
  }
}

async function getToKnow(
  connection: Connection,
): Promise<Pick<AppServer, 'login' | 'models' | 'hasDeadEnd'>> {
  const [models, login, hasDeadEnd] = await Promise.all([
    listModels(connection),
    readLogin(connection),
    addDeadEnd(connection),
  ]);
  return { models, login, hasDeadEnd };
}

async function listModels(connection: Connection): Promise<CodexModel[]> {
  const models: CodexModel[] = [];
  const asked = new Set<string | null>();
  let cursor: string | null = null;
  while (!asked.has(cursor)) {
    asked.add(cursor);
    const page: Partial<ModelListResponse> = await connection.request('model/list', {
      cursor,
      includeHidden: true,
    });
    models.push(...(page.data ?? []));
    cursor = page.nextCursor ?? null;
  }
  if (models.length === 0) throw new StartupError('This codex names no models; use another --codex.');
  return models;
}

/** Reading the account may need the network; a gateway that cannot reach it yet still starts. */
async function readLogin(connection: Connection): Promise<Login> {
  try {
    const { account, requiresOpenaiAuth } = await connection.request('account/read', { refreshToken: false });
    if (account) return { type: 'account', account };
    return { type: requiresOpenaiAuth ? 'signed-out' : 'not-needed' };
  } catch (error) {
    return { type: 'unknown', problem: messageOf(error) };
  }
}

async function explainFailure(child: ChildProcess, codexHome: string, error: unknown): Promise<Error> {
  await child.close();
  if (error instanceof StartupError) return error;
  const reason = await reasonOf(child, error);
  // The child reads a copy that nobody can correct.
  const why = reason.replaceAll(`${codexHome}/config.toml`, "what was taken over from Codex's config.toml");
  return new StartupError(`codex app-server did not start: ${why}`, { cause: error });
}
