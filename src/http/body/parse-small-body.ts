import { Readable } from 'node:stream';
import { koaBody } from 'koa-body';
import { checkBody, invalidJson, parseBody } from '../../openai/request/parse-body.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { RawBody } from './body-parser.ts';

/** Bytes of a body that is parsed at once; a larger one would hold up the main thread for too long. */
export const MAX_SMALL = 128 * 1024;

/** Finds a key that koa-body refuses, in every spelling: with any of its underscores escaped. */
const PROTO = /(?:_|\\u005f){2}proto(?:_|\\u005f){2}/i;

const parse = koaBody({
  json: true,
  jsonLimit: MAX_SMALL,
  jsonStrict: false,
  multipart: false,
  text: false,
  urlencoded: false,
  onError(cause) {
    throw invalidJson(cause);
  },
}) as Middleware;

/** Parses a body of at most `MAX_SMALL` bytes that have arrived; throws a `GatewayError` for one that cannot be read. */
export async function parseSmallBody(ctx: Context, { blocks, charset }: RawBody): Promise<unknown> {
  const bytes = Buffer.concat(blocks);
  const isPlain = bytes.length > 0 && charset === 'utf-8' && !PROTO.test(bytes.toString('latin1'));
  if (!isPlain) return parseBody(bytes, charset);
  // koa-body would replace bytes that are not UTF-8 in silence.
  checkBody(bytes);
  const arrived = Object.assign(Readable.from([bytes]), { headers: {} });
  await parse(Object.create(ctx, { req: { value: arrived } }) as Context, async () => {});
  return ctx.request.body;
}
