import type { ServerResponse } from 'node:http';

/**
 * Ends the connection of a client that takes nothing for `limit` milliseconds of an answer which is written whole, but
 * for what waits on its way: nobody would ever free it. Progress, however slow, starts the time anew.
 */
export function limitStall(response: ServerResponse, limit: number): void {
  response.setTimeout(limit, () => response.destroy());
}
