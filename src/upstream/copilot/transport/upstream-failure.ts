import { GatewayError } from '../../../base/errors.ts';
import { describeUrl } from './urls.ts';

/** Seconds for a TCP or TLS connection. */
export const CONNECT_SECONDS = 10;

const UNTRUSTED =
  'its certificate is not trusted; set NODE_EXTRA_CA_CERTS to the certificate of your company or proxy';
const CLOSED = 'the connection was closed before the answer';
const UNREACHABLE = 'the network does not reach it';
const NOT_FOUND = 'its address cannot be found; check the network and the proxy settings';
const SLOW = `no connection within ${CONNECT_SECONDS} seconds`;

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ENETUNREACH: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ETIMEDOUT: SLOW,
  UND_ERR_CONNECT_TIMEOUT: SLOW,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  UND_ERR_DESTROYED: 'the gateway is shutting down',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  UND_ERR_INVALID_ARG: 'a header is not valid; check `copilot.headers` and the token',
  ERR_INVALID_URL: 'check the URLs in the settings of GitHub Copilot',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** Returns the error of a request that got no answer. */
export function upstreamFailure(
  error: unknown,
  { url, method }: { readonly url: string; readonly method: string },
): GatewayError {
  const problem = describeProblem(error);
  // A model may have been asked over a connection that closed; to read a list again costs nothing.
  const mayHaveAsked = problem === CLOSED && method === 'POST';
  return new GatewayError(
    'upstream_request_failed',
    `The request to ${describeUrl(url).slice(0, 256)} failed: ${problem}.`,
    { cause: error, ...(mayHaveAsked && { shouldRetry: false }) },
  );
}

/** Returns the error of a request whose answer did not begin in time. */
export function upstreamTimeout(url: string, milliseconds: number): GatewayError {
  const seconds = Math.round(milliseconds / 100) / 10;
  return new GatewayError(
    'upstream_timeout',
    `No answer from ${describeUrl(url).slice(0, 256)} within ${seconds} seconds.`,
  );
}

/** Returns the error of an answer that has begun and could not be passed on to its end. */
export function brokenAnswer(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const { code } = error as { readonly code?: string };
  const facts = { reason: code };
  // As for a silence that Codex notices first: its limit can be the same.
  return code === 'UND_ERR_BODY_TIMEOUT'
    ? new GatewayError('idle_timeout', 'GitHub Copilot stopped sending.', { facts })
    : new GatewayError(
        'upstream_request_failed',
        "GitHub Copilot's answer could not be passed on to its end.",
        { cause: error, facts, shouldRetry: false },
      );
}

function describeProblem(error: unknown): string {
  const { code = '', message = '', name } = error as { code?: string; message?: string; name?: string };
  const proxyStatus = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (proxyStatus !== undefined) return `the proxy answered with status ${proxyStatus}`;
  if (message.startsWith('Invalid URL protocol'))
    return 'the proxy that is set is not an http:// or https:// URL';
  if (name === 'HTTPParserError') return 'the answer is not HTTP';
  return PROBLEMS[code] ?? `the connection failed (${code || 'unknown error'})`;
}
