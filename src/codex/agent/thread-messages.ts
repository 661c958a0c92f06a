import type { ThreadItem } from '../../../generated/v2/ThreadItem.js';
import type { ThreadTurnsListResponse } from '../../../generated/v2/ThreadTurnsListResponse.js';
import type { Turn } from '../../../generated/v2/Turn.js';
import type { ThreadMessage } from '../../conversation/ports/agent-home.ts';
import type { Connection } from '../protocol/connection.ts';

/** Turns that are read at once: they bring the output of their commands along. */
const PAGE_TURNS = 10;

/** Reads the last messages of a thread, which need not be loaded, oldest first. */
export async function readThreadMessages(
  connection: Connection,
  threadId: string,
  limit: number,
): Promise<readonly ThreadMessage[]> {
  const messages: ThreadMessage[] = [];
  let cursor: string | null | undefined;
  do {
    const params = { threadId, itemsView: 'full' as const, limit: PAGE_TURNS, cursor: cursor ?? null };
    const page: ThreadTurnsListResponse = await connection.request('thread/turns/list', params);
    for (const turn of page.data) messages.push(...decodeTurn(turn).toReversed());
    cursor = page.nextCursor;
  } while (typeof cursor === 'string' && messages.length < limit);
  return messages.slice(0, limit).toReversed();
}

function decodeTurn({ items, startedAt }: Turn): ThreadMessage[] {
  const turnTime = typeof startedAt === 'number' ? startedAt * 1000 : undefined;
  return items.flatMap((item) => {
    const texts = textsOf(item);
    if (texts === undefined) return [];
    const role = item.type === 'userMessage' ? 'user' : 'assistant';
    return [{ role, texts, createdAt: item.completedAtMs ?? item.startedAtMs ?? turnTime }];
  });
}

/** Returns the texts of a message; undefined for any other item. */
function textsOf(item: ThreadItem): readonly string[] | undefined {
  if (item.type === 'agentMessage') return [item.text];
  if (item.type !== 'userMessage') return undefined;
  return item.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}
