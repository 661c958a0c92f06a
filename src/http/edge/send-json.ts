import { PassThrough } from 'node:stream';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Context } from '../requests/context.ts';
import type { KeepAliveTimes } from './keep-alive.ts';
import { closeWhenStalled } from './write-text.ts';

/** Returns the body for a failure that comes after the status 200 was sent. */
export type EncodeFailure = (error: unknown) => Promise<object>;

export interface JsonOptions extends Pick<KeepAliveTimes, 'firstSpaceMs' | 'nextSpaceMs'> {
  readonly body: Promise<object>;
  /** Without it, a failure after the status was sent breaks the connection. */
  readonly encodeFailure?: EncodeFailure | undefined;
  /** Returns the headers known when the first byte is sent. */
  headers(): Readonly<Record<string, string>>;
  /** Time for which a client may read nothing after the last byte was written. */
  readonly stallLimitMs: number;
  /** Called with a failure that comes after the first byte. */
  onError(error: unknown): void;
}

/**
 * Answers with one JSON object. Clients give up on a connection that is silent for minutes, so spaces are sent before an
 * object that takes long. The first space fixes the status at 200; a later failure can only be reported in the object
 * itself, or by breaking the connection.
 */
export async function sendJson(ctx: Context, options: JsonOptions): Promise<void> {
  const { body, firstSpaceMs, headers } = options;
  const early = firstSpaceMs === 0 ? await body : await withTimeout(body, firstSpaceMs);
  ctx.set(headers());
  if (early !== 'timeout') {
    ctx.body = early;
    return;
  }
  const stream = new PassThrough();
  ctx.type = 'application/json';
  ctx.body = stream;
  stream.write(' ');
  const spaces = setInterval(() => stream.write(' '), options.nextSpaceMs);
  void body
    .catch(async (error: unknown) => {
      options.onError(error);
      if (options.encodeFailure === undefined || ctx.res.destroyed) throw error;
      return await options.encodeFailure(error);
    })
    .then(
      (object) => {
        closeWhenStalled(ctx.res, options.stallLimitMs);
        stream.end(JSON.stringify(object));
      },
      () => ctx.res.destroy(),
    )
    .finally(() => clearInterval(spaces));
}
