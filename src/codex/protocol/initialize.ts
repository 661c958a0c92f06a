import type { Connection } from './connection.ts';

/** The name that the child's requests to the provider carry in their `originator` header. */
export const ORIGINATOR = 'codex-gateway';

/** `initialize`: `unheard` are the notifications that the app-server shall not send. */
export async function initialize(
  connection: Connection,
  version: string,
  unheard: readonly string[],
): Promise<void> {
  await connection.request('initialize', {
    clientInfo: { name: ORIGINATOR, title: null, version },
    capabilities: {
      experimentalApi: true,
      requestAttestation: false,
      optOutNotificationMethods: [...unheard],
    },
  });
}
