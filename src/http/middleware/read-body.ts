import { ClientGoneError, GatewayError } from '../../base/errors.ts';
import { checkCharset } from '../../openai/request/parse-body.ts';
import { MAX_SMALL_BYTES, parseSmallBody, type BodyParser } from '../body/body-parser.ts';
import type { ByteBudget, HeldBytes } from '../body/byte-budget.ts';
import { collectBody, joinBlocks } from '../body/collect-body.ts';
import { decompressorFor } from '../body/decompress.ts';
import type { Context, Middleware, RawBody } from '../requests/context.ts';

const JSON_TYPES = ['json', '+json'];
const ANY_TYPE: ReadonlySet<string> = new Set<BodyForm>(['parsed-of-any-type', 'raw']);

export interface ReadBodyOptions {
  readonly bodyLimitBytes: number;
  readonly bodyBudget: ByteBudget;
  readonly parseBody: BodyParser;
}

/**
 * Form in which a route gets its body: JSON `parsed` in `ctx.request.body`, `parsed-of-any-type` also if the request calls it
 * something else, `parsed-and-raw` with its bytes beside it in `ctx.request.rawBody`, or `raw`: nothing but the bytes in
 * `ctx.request.bytes`, of any type and encoding.
 */
export type BodyForm = 'parsed' | 'parsed-of-any-type' | 'parsed-and-raw' | 'raw';

/** Reads a body; a request without JSON leaves `ctx.request.body` undefined. */
export function readBody(options: ReadBodyOptions, form: BodyForm): Middleware {
  const { bodyLimitBytes, bodyBudget, parseBody } = options;

  async function collect(ctx: Context, held: HeldBytes): Promise<RawBody> {
    const isRaw = form === 'raw';
    const decompressor = isRaw ? undefined : decompressorFor(ctx.get('content-encoding'));
    const charset = isRaw ? '' : checkCharset(ctx.request.charset);
    try {
      const blocks = await collectBody(ctx.req, { limitBytes: bodyLimitBytes, held, decompressor });
      return { blocks: blocks.take(), size: blocks.size, charset };
    } catch (error) {
      ctx.state.signal.throwIfAborted();
      throw error instanceof GatewayError ? error : new ClientGoneError();
    }
  }

  async function read(ctx: Context): Promise<void> {
    // Held until the answer is over, since the request stays in memory for as long.
    const held = bodyBudget.open(ctx.state.caller?.id);
    ctx.res.once('close', () => held.release());
    const body = await collect(ctx, held);
    ctx.state.keeper?.keepRequest(body.blocks);
    if (form === 'raw') {
      ctx.request.bytes = await joinBlocks(body);
      return;
    }
    if (form === 'parsed-and-raw') {
      // The bytes stay in memory beside the value, so they count twice.
      held.add(body.size);
      ctx.request.rawBody = { ...body, blocks: body.blocks.map((block) => block.slice()) };
    }
    const isSmall = body.size <= MAX_SMALL_BYTES && isJson(ctx);
    ctx.request.body = isSmall ? await parseSmallBody(ctx, body) : await parseBody(body, ctx.state.signal);
  }

  return async (ctx, next) => {
    if (ANY_TYPE.has(form) || isJson(ctx)) await read(ctx);
    await next();
  };
}

function isJson(ctx: Context): boolean {
  return Boolean(ctx.is(JSON_TYPES));
}
