import { koaBody } from 'koa-body';
import { GatewayError } from '../../base/errors.ts';
import type { Middleware } from '../context.ts';

/** Reads a JSON body of at most `limit` bytes into `ctx.request.body`. */
export function readBody(limit: number): Middleware {
  return koaBody({
    json: true,
    jsonLimit: limit,
    jsonStrict: true,
    multipart: false,
    text: false,
    urlencoded: false,
    onError(error) {
      throw toGatewayError(error, limit);
    },
  }) as Middleware;
}

function toGatewayError(error: Error & { status?: number; type?: string }, limit: number): GatewayError {
  if (error.type === 'entity.too.large') {
    return new GatewayError('request_too_large', `The request body is over the limit of ${limit} bytes.`, {
      cause: error,
    });
  }
  return new GatewayError('invalid_json', 'We could not parse the JSON body of your request.', {
    cause: error,
  });
}
