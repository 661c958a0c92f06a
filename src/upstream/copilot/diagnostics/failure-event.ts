import { GatewayError } from '../../../base/errors.ts';
import type { EventFields } from './format-event.ts';

/** Attempts of a request so far. */
export interface Attempts {
  readonly count: number;
  /** URL of the latest one, without its query. */
  readonly url: string;
  /** Milliseconds since the beginning of the latest one. */
  readonly elapsedMs: number;
}

interface FailureEvent {
  readonly kind: string;
  readonly fields: EventFields;
}

/** Status of the answer to each error of signing in. */
const AUTH_STATUS: Readonly<Record<string, number>> = {
  copilot_signed_out: 401,
  copilot_auth_unreadable: 500,
  copilot_auth_unreachable: 502,
};

/** Returns the event for an error; undefined if it concerns neither signing in nor a request to Copilot. */
export function failureEvent(error: unknown, attempts: Attempts): FailureEvent | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  const { code, detail, message } = error;
  const status = AUTH_STATUS[code];
  if (status !== undefined) {
    const level = status === 401 ? 'warn' : 'error';
    return { kind: 'auth_error', fields: { status, level, error_class: code } };
  }
  if (code !== 'upstream_request_failed' && code !== 'upstream_timeout') return undefined;
  const cause = (detail.cause ?? {}) as Cause;
  const attempt = attempts.count;
  if (cause.code === 'UND_ERR_INVALID_ARG')
    return { kind: 'upstream_header_build_failed', fields: { attempt } };
  return {
    kind: 'upstream_request_failed',
    fields: {
      attempt,
      upstream_url: attempts.url,
      elapsed_ms: attempts.elapsedMs,
      error_kind: code === 'upstream_timeout' ? 'timeout' : kindOf(cause),
      error: message,
    },
  };
}

interface Cause {
  readonly code?: string;
  readonly message?: string;
}

const CONNECT_CODES =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*|.*SIGNATURE)$/;

const REQUEST_CODES = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/** Returns the stage at which a request has failed. */
function kindOf({ code = '', message = '' }: Cause): 'connect' | 'decode' | 'request' | 'unknown' {
  if (CONNECT_CODES.test(code) || message.startsWith('Proxy response')) return 'connect';
  if (code.startsWith('HPE_')) return 'decode';
  return REQUEST_CODES.test(code) ? 'request' : 'unknown';
}
