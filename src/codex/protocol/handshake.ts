import { StartupError } from '../../base/errors.ts';
import type { Connection } from './connection.ts';
import { OPTIONAL_METHODS, TIMEOUTS_MS, type Method } from './methods.ts';
import { ignoredIn, type NotificationTable } from './notifications.ts';

/** Name that the child's requests to the provider carry in their `originator` header. */
export const ORIGINATOR = 'codex-gateway';

/** Sends `initialize`, and asks the app-server not to send the notifications that the table ignores. */
export async function initialize(
  connection: Connection,
  clientVersion: string,
  notifications: NotificationTable,
): Promise<void> {
  await connection.request('initialize', {
    clientInfo: { name: ORIGINATOR, title: null, version: clientVersion },
    capabilities: {
      experimentalApi: true,
      requestAttestation: false,
      optOutNotificationMethods: ignoredIn(notifications),
    },
  });
}

/** Rejects with a `StartupError` if the app-server lacks a method that the gateway needs. */
export async function checkMethods(connection: Connection): Promise<void> {
  const known = await connection.listMethods();
  const needed = (Object.keys(TIMEOUTS_MS) as Method[]).filter(
    (method) => !OPTIONAL_METHODS.includes(method),
  );
  const missing = needed.filter((method) => known && !known.includes(method));
  if (missing.length > 0) {
    throw new StartupError(
      `This codex lacks the app-server method ${missing.join(', ')}; use another --codex.`,
    );
  }
}
