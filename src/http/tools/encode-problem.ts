import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { RequestState } from '../requests/context.ts';
import { STATUS_CODES } from '../sockets/node-http.ts';

/** Encodes an error like everywhere else, except that a client that has called too often always hears how long to wait. */
export const encodeToolError = (error: unknown) => {
  const encoded = encodeError(error);
  if (encoded.status !== 429) return encoded;
  const seconds = Math.max(1, Math.ceil(Number(encoded.headers['retry-after'] ?? 1)));
  return { ...encoded, headers: { ...encoded.headers, 'retry-after': String(seconds) } };
};

/** Encodes an error as problem details (RFC 9457). */
export const encodeProblem: RequestState['encodeError'] = (error) => {
  const { status, headers, body } = encodeToolError(error);
  const detail = body.error.message;
  const errors = error instanceof GatewayError ? namedFields(error) : [];
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(errors.length > 0 && { errors }),
    },
  };
};

function namedFields({ message, detail: { fields, param } }: GatewayError) {
  if (fields !== undefined) {
    return fields.map(({ path, problem }) => ({ pointer: encodePointer(path), detail: problem }));
  }
  return param === undefined ? [] : [{ pointer: encodePointer([param]), detail: message }];
}

/** Maximum characters of a field's name; a longer one is the caller's text, which no error repeats. */
const MAX_STEP = 200;

/** Encodes a path as the fragment of a URI with a JSON pointer (RFC 6901). */
function encodePointer(path: JsonPath): string {
  const steps = path.map((step) =>
    excerpt(String(step), MAX_STEP).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  return `#${steps.map((step) => `/${encodeURIComponent(step)}`).join('')}`;
}
