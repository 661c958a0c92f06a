import { ClientGoneError } from '../../base/client-gone.ts';
import { GatewayError } from '../../base/errors.ts';
import { checkCharset } from '../../openai/request/parse-body.ts';
import type { BodyParser } from '../body/body-parser.ts';
import type { ByteBudget } from '../body/byte-budget.ts';
import { collectBody } from '../body/collect-body.ts';
import { decompressorFor } from '../body/decompress.ts';
import { MAX_SMALL, parseSmallBody } from '../body/parse-small-body.ts';
import type { Context, Middleware } from '../requests/context.ts';

const JSON_TYPES = ['json', '+json'];

export interface ReadBodyOptions {
  /** Maximum bytes of one body. */
  readonly bodyLimit: number;
  readonly bodyBudget: ByteBudget;
  readonly parseBody: BodyParser;
}

/** Reads a JSON body into `ctx.request.body`, which stays undefined where there is none. */
export function readBody({ bodyLimit, bodyBudget, parseBody }: ReadBodyOptions): Middleware {
  async function read(ctx: Context): Promise<void> {
    const decompressor = decompressorFor(ctx.get('content-encoding'));
    const charset = checkCharset(ctx.request.charset);
    // Held until the answer is over: what a request sent is in memory for as long.
    const held = bodyBudget.open();
    ctx.res.once('close', () => held.release());
    const { signal } = ctx.state;
    const blocks = await collectBody(ctx.req, { limit: bodyLimit, held, decompressor }).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof GatewayError ? error : new ClientGoneError();
      },
    );
    const body = { blocks: blocks.take(), size: blocks.size, charset };
    const isSmall = body.size <= MAX_SMALL;
    ctx.request.body = isSmall ? await parseSmallBody(ctx, body) : await parseBody(body, signal);
  }

  return async (ctx, next) => {
    if (ctx.is(JSON_TYPES)) await read(ctx);
    await next();
  };
}
