import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { GatewayError } from '../../base/errors.ts';
import { STATUS_CODES } from 'node:http';
import type { RequestState } from '../requests/context.ts';

/** Encodes an error as problem details (RFC 9457). */
export const encodeProblem: RequestState['encodeError'] = (error) => {
  const { status, headers, body } = encodeError(error);
  const param = error instanceof GatewayError ? error.detail.param : undefined;
  const detail = body.error.message;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(param !== undefined && { errors: [{ pointer: `#/${param}`, detail }] }),
    },
  };
};
