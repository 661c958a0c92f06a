import { isObject } from './choice-checker.ts';
import { parseData } from './read-events.ts';
import { checkResponse } from './response-checker.ts';
import { checkResponseStream } from './response-stream-checker.ts';
import type { ResponseWire } from './response-wire.ts';
import { checkStream } from './stream-checker.ts';
import { loadWireChecker } from './wire-checker.ts';

/** The reply to a request. */
export interface Reply {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  /** Body of the request, if it is a text. */
  readonly body: string | undefined;
  readonly text: string;
  /** True if it was not read to its end. */
  readonly cut: boolean;
}

type Kind = keyof ResponseWire;

interface Route {
  readonly path: RegExp;
  readonly kinds: Readonly<Record<string, Kind>>;
}

const CHAT = /\/chat\/completions$/;

/** Checks of replies by method and path; the first match applies. */
const ROUTES: readonly Route[] = [
  { path: /\/responses\/compact$/, kinds: { POST: 'compacted' } },
  { path: /\/responses\/input_tokens$/, kinds: { POST: 'inputTokens' } },
  { path: /\/responses\/[^/]+\/input_items$/, kinds: { GET: 'itemList' } },
  { path: /\/responses\/[^/]+\/cancel$/, kinds: { POST: 'response' } },
  { path: /\/responses\/[^/]+$/, kinds: { GET: 'response' } },
  { path: /\/responses$/, kinds: { POST: 'response' } },
  {
    path: /\/conversations\/[^/]+\/items\/[^/]+$/,
    kinds: { GET: 'conversationItem', DELETE: 'conversation' },
  },
  {
    path: /\/conversations\/[^/]+\/items$/,
    kinds: { GET: 'conversationItemList', POST: 'conversationItemList' },
  },
  {
    path: /\/conversations\/[^/]+$/,
    kinds: { GET: 'conversation', POST: 'conversation', DELETE: 'conversationDeleted' },
  },
  { path: /\/conversations$/, kinds: { POST: 'conversation' } },
];

/** Returns true if the replies of a URL can be checked; those of Copilot are its own. */
export function isWatched(url: string): boolean {
  const { pathname } = new URL(url);
  if (pathname.startsWith('/copilot/')) return false;
  return [CHAT, ...ROUTES.map(({ path }) => path)].some((path) => path.test(pathname));
}

/** The rules of the public contracts that a reply breaks. */
export async function checkReply(reply: Reply): Promise<string[]> {
  const { pathname, searchParams } = new URL(reply.url);
  const isStream = reply.contentType.startsWith('text/event-stream');
  if (CHAT.test(pathname)) return isStream ? checkChatStream(reply) : [];
  const checkWire = await loadWireChecker();
  if (isStream) {
    const after = searchParams.get('starting_after');
    const startingAfter = after === null ? undefined : Number(after);
    return checkResponseStream(reply.text, checkWire, { cut: reply.cut, startingAfter });
  }
  if (reply.cut || !reply.contentType.startsWith('application/json')) return [];
  const value = parseData(reply.text);
  if (reply.status >= 400) return checkErrorBody(value);
  const kind = ROUTES.find(({ path }) => path.test(pathname))?.kinds[reply.method];
  if (kind === undefined) return [];
  return kind === 'response' ? checkResponse(value, checkWire) : checkWire(kind, value);
}

function checkChatStream({ body, text, cut }: Reply): string[] {
  return checkStream(text, { includeUsage: readIncludeUsage(body), cut });
}

function readIncludeUsage(body: string | undefined): boolean | undefined {
  if (body === undefined) return undefined;
  const request = JSON.parse(body) as { stream_options?: { include_usage?: boolean } | null };
  return request.stream_options?.include_usage ?? false;
}

const ERROR_KEYS = ['code', 'message', 'param', 'type'];

function checkErrorBody(value: unknown): string[] {
  const error = isObject(value) ? value.error : undefined;
  const isWhole = isObject(error) && ERROR_KEYS.every((key) => key in error);
  return isWhole ? [] : ['an error is not whole'];
}
