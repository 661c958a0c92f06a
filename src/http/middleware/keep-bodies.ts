import type { ServerResponse } from 'node:http';
import type { BodyKeeper, BodyLog } from '../../console/recording/body-log.ts';
import type { Middleware } from '../requests/context.ts';

/**
 * Lets the log of bodies have those of each request and of its answer.
 * @param isPrivate Returns true for a path whose answers may contain new keys.
 */
export function keepBodies(log: Pick<BodyLog, 'open'>, isPrivate: (path: string) => boolean): Middleware {
  return async (ctx, next) => {
    const keeper = isPrivate(ctx.path) ? undefined : log.open(ctx.state.requestId);
    if (keeper !== undefined) {
      ctx.state.keeper = keeper;
      watchWrites(ctx.res, keeper);
    }
    await next();
  };
}

type Write = (...values: readonly unknown[]) => unknown;

/** Passes on everything that is written to a response, unless it is compressed. */
function watchWrites(response: ServerResponse, { keepAnswer }: BodyKeeper): void {
  const hear = (write: Write): Write =>
    function hearing(...values) {
      const [chunk] = values;
      const isText = typeof chunk === 'string' || chunk instanceof Uint8Array;
      if (isText && !response.hasHeader('content-encoding')) keepAnswer(chunk);
      return Reflect.apply(write, response, values);
    };
  Object.assign(response, {
    write: hear(response.write as Write),
    end: hear(response.end as Write),
  });
}
