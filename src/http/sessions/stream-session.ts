import type { Session } from '../../sessions/session.ts';
import type { FrameStream } from '../../openai/vocabulary/sse-frame.ts';
import type { Context } from '../requests/context.ts';
import { streamEvents } from './stream-events.ts';
import { streamSnapshots } from './stream-snapshots.ts';

/** Returns the stream of a session that a request asks for: small events, or whole snapshots as the original bridge has them. */
export function streamSession(session: Session, ctx: Context): FrameStream {
  const { signal } = ctx.state;
  if (ctx.query.events !== 'delta') return streamSnapshots(session, signal);
  return streamEvents(session.events, lastEventIdOf(ctx), signal);
}

/** Returns the id after which a stream goes on; NaN for one that no event has. A page can name it for its first connection only in the query. */
function lastEventIdOf(ctx: Context): number | undefined {
  const given = ctx.get('last-event-id') || ctx.query.last_event_id;
  if (given === undefined || given === '') return undefined;
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
}
