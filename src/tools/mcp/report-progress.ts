import type { ServerContext } from '@modelcontextprotocol/server';
import type { ToolProgress } from '../tool.ts';

/** Number of notifications that are sent as they come, and milliseconds between further ones: a slow reader can catch up. */
const FREE = 50;
const INTERVAL_MS = 100;
const MAX_MESSAGE_CHARACTERS = 500;

/** Returns what tells the client how far its call is, if the client has asked for that. */
export function progressReporter(
  { mcpReq }: ServerContext,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): (progress: ToolProgress) => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = -Infinity;
  let sentAt = -Infinity;
  let count = 0;
  return ({ done, total, message }) => {
    // Every notification has to name more than the one before.
    if (signal.aborted || done <= last || (count >= FREE && now() - sentAt < INTERVAL_MS)) return;
    count += 1;
    last = done;
    sentAt = now();
    const params = {
      progressToken,
      progress: done,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message: message.slice(0, MAX_MESSAGE_CHARACTERS) }),
    };
    // A client that has gone misses nothing.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
