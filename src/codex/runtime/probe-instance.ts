import { withTimeout } from '../../base/async/with-timeout.ts';
import type { AppServer } from '../process/connect-app-server.ts';
import type { CodexInstance } from './instance.ts';
import type { InstanceManager } from './instance-manager.ts';

/** State of an engine at the moment. */
export interface EngineState {
  /** True if an app-server runs and answers. */
  readonly isUp: boolean;
  /** True unless somebody has to sign in first. */
  readonly isSignedIn: boolean;
}

/** Milliseconds in which an app-server shows that it does not hang. */
const ANSWER_MS = 2_000;

const DOWN: EngineState = { isUp: false, isSignedIn: false };

/** Says if requests would find an app-server; starts a new one if it turns out that one is needed. */
export async function probeInstance<State>(
  manager: Pick<InstanceManager<CodexInstance<State>>, 'peek' | 'replaceLost'>,
): Promise<EngineState> {
  const instance = await manager.peek();
  if (instance === undefined) return DOWN;
  if (await instance.hasLostHome()) {
    manager.replaceLost(instance);
    return DOWN;
  }
  const server = await instance.running();
  if (server === undefined || !(await answers(server))) return DOWN;
  // One that has ended meanwhile gives no answer either.
  if ((await instance.running()) !== server) return DOWN;
  return { isUp: true, isSignedIn: server.login.type !== 'signed-out' };
}

/** Resolves to true if the app-server answers soon, or sends anything in the meantime. */
async function answers({ connection, check }: AppServer<unknown>): Promise<boolean> {
  const before = connection.receivedBytes;
  const answer = await withTimeout(check(), ANSWER_MS);
  return answer !== 'timeout' || connection.receivedBytes > before;
}
