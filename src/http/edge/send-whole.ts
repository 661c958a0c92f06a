import { PassThrough } from 'node:stream';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Context } from '../requests/context.ts';
import type { KeepAliveTimes } from './keep-alive-times.ts';
import { limitStall } from './limit-stall.ts';

/** What a client is told that has had its status of 200 before the failure. */
export type EncodeFailure = (error: unknown) => Promise<object>;

export interface WholeOptions extends Pick<KeepAliveTimes, 'firstSpace' | 'nextSpace'> {
  readonly body: Promise<object>;
  /** Where it is undefined, such a failure breaks the connection. */
  readonly encodeFailure?: EncodeFailure | undefined;
  /** Headers as they are known when the first byte goes out. */
  headers(): Readonly<Record<string, string>>;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
  /** Hears of a failure after the first byte. */
  onError(error: unknown): void;
}

/**
 * Answers with one JSON object. Clients give up on a connection that stays silent for minutes, so spaces go before one
 * that takes long; with the first of them the status is 200, and a later failure can only be told by the object itself, or
 * by breaking the connection.
 */
export async function sendWhole(ctx: Context, options: WholeOptions): Promise<void> {
  const { body, firstSpace, headers } = options;
  const early = firstSpace === 0 ? await body : await withTimeout(body, firstSpace);
  ctx.set(headers());
  if (early !== 'timeout') {
    ctx.body = early;
    return;
  }
  const stream = new PassThrough();
  ctx.type = 'application/json';
  ctx.body = stream;
  stream.write(' ');
  const spaces = setInterval(() => stream.write(' '), options.nextSpace);
  void body
    .catch(async (error: unknown) => {
      options.onError(error);
      // Nobody is left to be told where the client is gone.
      if (options.encodeFailure === undefined || ctx.res.destroyed) throw error;
      return await options.encodeFailure(error);
    })
    .then(
      (object) => {
        limitStall(ctx.res, options.stallLimit);
        stream.end(JSON.stringify(object));
      },
      () => ctx.res.destroy(),
    )
    .finally(() => clearInterval(spaces));
}
