import { koaBody } from 'koa-body';
import { GatewayError } from '../../base/errors.ts';
import type { Context, Middleware } from '../context.ts';

/** Reads a JSON body of at most `limit` bytes into `ctx.request.body`. */
export function readBody(limit: number): Middleware {
  const read = koaBody({
    json: true,
    jsonLimit: limit,
    jsonStrict: true,
    multipart: false,
    text: false,
    urlencoded: false,
    onError(error, ctx) {
      dropRest(ctx);
      throw toGatewayError(error, limit);
    },
  }) as Middleware;
  return async (ctx, next) => {
    // What a compressed body grows to is only known too late, and a corrupt one fails where nobody listens.
    const encoding = ctx.get('content-encoding').toLowerCase();
    if (!['', 'identity'].includes(encoding)) {
      throw new GatewayError(
        'unsupported_encoding',
        'Send the request body uncompressed, without Content-Encoding.',
      );
    }
    await read(ctx, next);
  };
}

/** Lets the client finish a body that nobody reads any more, so that it gets to read the answer. */
function dropRest(ctx: Context): void {
  ctx.req.unpipe();
  ctx.req.resume();
}

function toGatewayError(error: Error & { type?: string }, limit: number): GatewayError {
  if (error.type === 'entity.too.large') {
    const message = `The request body is over the limit of ${limit} bytes.`;
    return new GatewayError('request_too_large', message, { cause: error });
  }
  return new GatewayError('invalid_json', 'We could not parse the JSON body of your request.', {
    cause: error,
  });
}
