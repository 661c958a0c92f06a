import type { FrameStream } from '../../openai/vocabulary/sse-frame.ts';
import { sendStream, type StreamOptions } from '../edge/send-stream.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import type { ConsoleService } from '../../console/console-service.ts';

interface EventRouteOptions extends Pick<StreamOptions, 'keepAlive' | 'stallLimitMs'> {
  open(): Promise<ConsoleService>;
}

/** Creates the route of the one stream by which all pages of the console hear what happens. */
export function eventRoute({ open, keepAlive, stallLimitMs }: EventRouteOptions): Route {
  const stream: Middleware = async (ctx) => {
    const { live } = await open();
    const lastId = ctx.get('last-event-id') || undefined;
    const frames: FrameStream = {
      frames: live.follow(lastId, ctx.state.signal),
      heartbeat: () => [],
      opensAtOnce: true,
    };
    await sendStream(ctx, {
      stream: frames,
      keepAlive,
      stallLimitMs,
      headers: () => ({}),
      onError: ctx.state.record.fail,
    });
  };
  return { method: 'get', path: '/console/events', handlers: [stream] };
}
