import { Readable } from 'node:stream';
import { checkBody, invalidJson, parseBody } from '../../openai/request/parse-body.ts';
import type { Context, Middleware, RawBody } from '../requests/context.ts';

/**
 * Parses bodies without blocking the main thread, and may take the memory of the blocks away while doing so. Rejects with a
 * `GatewayError` for a body that cannot be parsed.
 */
export type BodyParser = (body: RawBody, signal: AbortSignal) => Promise<unknown>;

/** Maximum bytes of a body that is parsed on the main thread; a larger one would block it for too long. */
export const MAX_SMALL_BYTES = 128 * 1024;

/** Matches the key that koa-body refuses, in every spelling: any of its underscores may be escaped. */
const PROTO = /(?:_|\\u005f){2}proto(?:_|\\u005f){2}/i;

let parsing: Promise<Middleware> | undefined;

/** Loads koa-body, and much else with it, when the first body arrives. */
async function loadKoaBody(): Promise<Middleware> {
  const { koaBody } = await import('koa-body');
  return koaBody({
    json: true,
    jsonLimit: MAX_SMALL_BYTES,
    jsonStrict: false,
    multipart: false,
    text: false,
    urlencoded: false,
    onError(cause) {
      throw invalidJson(cause);
    },
  }) as Middleware;
}

/** Parses a body of at most `MAX_SMALL_BYTES`; throws a `GatewayError` for one that cannot be parsed. */
export async function parseSmallBody(ctx: Context, { blocks, charset }: RawBody): Promise<unknown> {
  const bytes = Buffer.concat(blocks);
  const isPlain = bytes.length > 0 && charset === 'utf-8' && !PROTO.test(bytes.toString('latin1'));
  if (!isPlain) return parseBody(bytes, charset);
  // koa-body would silently replace bytes that are not UTF-8.
  checkBody(bytes);
  const arrived = Object.assign(Readable.from([bytes]), { headers: {} });
  const parse = await (parsing ??= loadKoaBody());
  await parse(Object.create(ctx, { req: { value: arrived } }) as Context, async () => {});
  return ctx.request.body;
}
