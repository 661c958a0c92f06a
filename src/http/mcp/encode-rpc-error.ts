import type { RequestState } from '../requests/context.ts';
import { encodeProblem } from '../tools/encode-problem.ts';

/** Codes of JSON-RPC, and the one that servers of the protocol use for what has no other. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const SERVER_ERROR = -32_000;

/** Encodes an error as an answer of JSON-RPC to no particular call, with the problem details as its data. */
export const encodeRpcError: RequestState['encodeError'] = (error) => {
  const { status, headers, body } = encodeProblem(error);
  const { detail } = body as { readonly detail: string };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: { jsonrpc: '2.0', id: null, error: { code: codeOf(error, status), message: detail, data: body } },
  };
};

function codeOf(error: unknown, status: number): number {
  if (status !== 400) return SERVER_ERROR;
  const isUnreadable = (error as { readonly code?: unknown }).code === 'invalid_json';
  return isUnreadable ? PARSE_ERROR : INVALID_REQUEST;
}
