import { merge } from '../../base/async/merge.ts';
import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import type { FrameStream, SseFrame } from '../../openai/vocabulary/sse-frame.ts';
import { sendStream, type StreamOptions } from '../edge/send-stream.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { limitCallers } from '../requests/limit-callers.ts';
import type { Route } from '../routing/route-group.ts';

/** Maximum number of streams of one token: more than there are tabs of all its browsers. */
const MAX_OPEN = 200;

interface EventRouteOptions extends Pick<StreamOptions, 'keepAlive' | 'stallLimitMs'> {
  open(): Promise<ConsoleService>;
}

/** Longest silence; the page takes a longer one for a lost connection. */
const COMMENT_MS = 15_000;

/**
 * Creates the route of the one stream by which all pages of the console hear what happens. `session` in its query names a session
 * whose events come as well.
 */
export function eventRoute({ open, keepAlive, stallLimitMs }: EventRouteOptions): Route {
  const stream: Middleware = async (ctx) => {
    const frames: FrameStream = {
      frames: followAll(await open(), ctx),
      heartbeat: () => [],
      opensAtOnce: true,
    };
    const commentMs = Math.min(keepAlive.commentMs, COMMENT_MS);
    await sendStream(ctx, {
      stream: frames,
      keepAlive: { ...keepAlive, commentMs },
      stallLimitMs,
      headers: () => ({}),
      onError: ctx.state.record.fail,
    });
  };
  return { method: 'get', path: '/console/events', handlers: [limitCallers(MAX_OPEN), stream] };
}

/** An event of one of the two sources, with its place in that source. */
interface PlacedFrame {
  readonly source: 'hub' | 'session';
  readonly place: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Merges the events of the console with those of sessions. The id of each has the place in both: `HUB/SESSION`. */
async function* followAll({ live, sessions }: ConsoleService, ctx: Context): AsyncGenerator<SseFrame[]> {
  const [hub = '', session = ''] = ctx.get('last-event-id').split('/');
  const places = { hub, session };
  const stopping = new AbortController();
  const signal = AbortSignal.any([ctx.state.signal, stopping.signal]);
  const hubFrames = placeHub(live.follow(hub === '' ? undefined : hub, signal));
  const { caller } = ctx.state;
  const sources = [endWith(hubFrames, stopping)];
  if (caller?.scopes.includes('sessions') ?? true) {
    const owner = caller?.id ?? MAIN_TOKEN;
    const frames = placeSession(sessions.follow(owner, shownSession(ctx, session), signal));
    sources.push(endWith(frames, stopping));
  }
  for await (const frames of merge(sources))
    yield frames.map(({ source, place: at, event, data }) => {
      places[source] = at ?? places[source];
      return { id: `${places.hub}/${places.session}`, event, data };
    });
}

function shownSession({ query }: Context, lastId: string) {
  const { session: id } = query;
  if (typeof id !== 'string' || id === '') return undefined;
  return { id, lastEventId: /^\d{1,15}$/.test(lastId) ? Number(lastId) : undefined };
}

async function* placeHub(
  batches: ReturnType<ConsoleService['live']['follow']>,
): AsyncGenerator<readonly PlacedFrame[]> {
  for await (const events of batches)
    yield events.map(({ id, event, data }) => ({ source: 'hub', place: id, event, data }));
}

async function* placeSession(
  batches: ReturnType<ConsoleService['sessions']['follow']>,
): AsyncGenerator<readonly PlacedFrame[]> {
  for await (const frames of batches)
    yield frames.map((frame) => ({ source: 'session', place: undefined, ...frame }));
}

/** Ends the other source as well: the gateway stops, or the page takes the whole stream up again. */
async function* endWith(
  batches: AsyncGenerator<readonly PlacedFrame[]>,
  stopping: AbortController,
): AsyncGenerator<readonly PlacedFrame[]> {
  try {
    yield* batches;
  } finally {
    stopping.abort();
  }
}
