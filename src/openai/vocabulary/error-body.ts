import { GatewayError, type ErrorCode } from '../../base/errors.ts';

/** OpenAI's error object, which always has all four keys. */
interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
    /** Seconds since 1970. */
    readonly resets_at?: number;
  };
}

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

/** The form of one error code on the wire. */
interface ErrorForm {
  readonly status: number;
  readonly type: string;
  /** OpenAI's own code if it has one. */
  readonly code: string | null;
  /** The header `x-should-retry`, which the official SDKs obey; without it, they decide by the status. */
  readonly retry?: boolean;
}

const INVALID = 'invalid_request_error';
const SERVER = 'server_error';
/** For a missing login: litellm takes the usual type, with words it does not know, for a mistake in the request. */
const UNAUTHORIZED = 'authentication_error';
/** The code that clients of earlier Copilot adapters know. */
const COPILOT_AUTH = 'copilot_auth_unavailable';
const UNAVAILABLE = 'service_unavailable_error';

const LIMITED = { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', retry: true };

/** Every error of the gateway in the form that OpenAI's clients know. */
const FORMS: Readonly<Record<ErrorCode, ErrorForm>> = {
  invalid_value: { status: 400, type: INVALID, code: 'invalid_value' },
  invalid_image: { status: 400, type: INVALID, code: 'invalid_image_url' },
  image_timeout: { status: 400, type: INVALID, code: 'failed_to_download_image' },
  invalid_schema: { status: 400, type: INVALID, code: 'invalid_json_schema' },
  invalid_json: { status: 400, type: INVALID, code: null },
  missing_parameter: { status: 400, type: INVALID, code: 'missing_required_parameter' },
  unknown_parameter: { status: 400, type: INVALID, code: 'unknown_parameter' },
  unsupported_parameter: { status: 400, type: INVALID, code: 'unsupported_parameter' },
  unsupported_value: { status: 400, type: INVALID, code: 'unsupported_value' },
  invalid_function_parameters: { status: 400, type: INVALID, code: 'invalid_function_parameters' },
  request_too_large: { status: 413, type: INVALID, code: 'request_too_large' },
  expectation_failed: { status: 417, type: INVALID, code: 'expectation_failed' },
  invalid_api_key: { status: 401, type: INVALID, code: 'invalid_api_key' },
  missing_scope: { status: 403, type: INVALID, code: 'missing_scope' },
  token_limited: LIMITED,
  daily_limit_reached: { ...LIMITED, retry: false },
  too_many_guesses: LIMITED,
  unsupported_encoding: { status: 415, type: INVALID, code: 'unsupported_encoding' },
  head_too_large: { status: 431, type: INVALID, code: 'head_too_large' },
  request_timeout: { status: 408, type: INVALID, code: 'request_timeout' },
  invalid_request: { status: 400, type: INVALID, code: 'invalid_request' },
  invalid_url: { status: 400, type: INVALID, code: 'invalid_url' },
  forbidden_host: { status: 403, type: INVALID, code: 'forbidden_host' },
  forbidden_origin: { status: 403, type: INVALID, code: 'forbidden_origin' },
  unknown_url: { status: 404, type: INVALID, code: 'unknown_url' },
  method_not_allowed: { status: 405, type: INVALID, code: 'method_not_allowed' },
  upgrade_required: { status: 426, type: INVALID, code: 'upgrade_required' },
  connection_expired: { status: 400, type: INVALID, code: 'websocket_connection_limit_reached' },
  model_not_found: { status: 404, type: INVALID, code: 'model_not_found' },
  context_length_exceeded: { status: 400, type: INVALID, code: 'context_length_exceeded' },
  policy_violation: { status: 400, type: INVALID, code: 'content_policy_violation' },
  misalignment: { status: 400, type: INVALID, code: 'misalignment_policy_violation' },
  idempotency_mismatch: { status: 400, type: INVALID, code: 'idempotency_key_in_use' },
  previous_response_not_found: { status: 400, type: INVALID, code: 'previous_response_not_found' },
  response_not_found: { status: 404, type: INVALID, code: null },
  conversation_not_found: { status: 404, type: INVALID, code: null },
  item_not_found: { status: 404, type: INVALID, code: null },
  store_off: { status: 400, type: INVALID, code: 'store_off' },
  storage_full: { status: 507, type: SERVER, code: 'storage_full', retry: false },
  storage_busy: { status: 503, type: UNAVAILABLE, code: 'storage_busy', retry: true },
  storage_failed: { status: 500, type: SERVER, code: 'storage_failed', retry: false },
  loop_detected: { status: 508, type: INVALID, code: 'loop_detected', retry: false },

  sign_in_failed: { status: 401, type: INVALID, code: 'sign_in_failed' },
  read_only: { status: 403, type: INVALID, code: 'read_only' },
  forbidden_page: { status: 403, type: INVALID, code: 'forbidden_page' },
  token_exists: { status: 409, type: INVALID, code: 'token_exists' },
  token_not_found: { status: 404, type: INVALID, code: 'token_not_found' },
  config_changed: { status: 409, type: INVALID, code: 'config_changed' },
  config_not_writable: { status: 409, type: INVALID, code: 'config_not_writable' },

  session_not_found: { status: 404, type: INVALID, code: 'session_not_found' },
  message_not_found: { status: 404, type: INVALID, code: 'message_not_found' },
  thread_not_found: { status: 404, type: INVALID, code: 'thread_not_found' },
  session_busy: { status: 400, type: INVALID, code: 'session_busy' },
  session_conflict: { status: 409, type: INVALID, code: 'session_conflict' },
  sessions_full: { status: 503, type: UNAVAILABLE, code: 'sessions_full' },
  workspace_forbidden: { status: 403, type: INVALID, code: 'workspace_forbidden' },
  approval_not_pending: { status: 400, type: INVALID, code: 'approval_not_pending' },
  turn_not_found: { status: 404, type: INVALID, code: 'turn_not_found' },
  undo_conflict: { status: 409, type: INVALID, code: 'undo_conflict' },
  provider_key_missing: { status: 409, type: INVALID, code: 'provider_key_missing' },
  not_allowed: { status: 403, type: INVALID, code: 'not_allowed' },
  branch_not_found: { status: 404, type: INVALID, code: 'branch_not_found' },
  call_running: { status: 409, type: INVALID, code: 'call_running', retry: true },
  confirmation_required: { status: 412, type: INVALID, code: 'confirmation_required' },
  idempotency_key_reused: { status: 422, type: INVALID, code: 'idempotency_key_reused' },
  tool_limited: LIMITED,
  github_refused: { status: 502, type: SERVER, code: 'github_refused', retry: false },
  github_token_missing: { status: 409, type: INVALID, code: 'github_token_missing', retry: false },
  push_rejected: { status: 409, type: INVALID, code: 'push_rejected', retry: false },
  push_failed: { status: 502, type: SERVER, code: 'push_failed', retry: false },
  clone_unusable: { status: 500, type: SERVER, code: 'clone_unusable', retry: false },
  github_unreachable: { status: 502, type: SERVER, code: 'github_unreachable', retry: true },
  queue_full: LIMITED,
  codex_unavailable: { status: 503, type: UNAVAILABLE, code: 'codex_unavailable', retry: true },
  shutting_down: { status: 503, type: UNAVAILABLE, code: 'shutting_down', retry: true },
  start_timeout: { status: 503, type: UNAVAILABLE, code: 'start_timeout', retry: true },
  codex_not_signed_in: { status: 401, type: UNAUTHORIZED, code: 'codex_not_signed_in', retry: false },
  client_too_slow: { status: 500, type: SERVER, code: 'client_too_slow', retry: false },
  answer_too_large: { status: 502, type: SERVER, code: 'answer_too_large', retry: false },
  internal_error: { status: 500, type: SERVER, code: 'internal_error', retry: false },

  provider_rejected: { status: 400, type: INVALID, code: null },
  provider_unauthorized: { status: 401, type: UNAUTHORIZED, code: 'provider_unauthorized', retry: false },
  provider_forbidden: { status: 403, type: INVALID, code: 'provider_forbidden', retry: false },
  insufficient_quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', retry: false },
  rate_limited: LIMITED,
  overloaded: { status: 503, type: UNAVAILABLE, code: 'server_is_overloaded', retry: true },
  unknown_tool_call: { status: 502, type: SERVER, code: 'unknown_tool_call', retry: false },
  invalid_answer: { status: 502, type: SERVER, code: 'invalid_answer', retry: false },
  upstream_error: { status: 502, type: SERVER, code: 'upstream_error', retry: true },
  provider_failed: { status: 500, type: SERVER, code: 'server_error', retry: true },
  upstream_refused: { status: 502, type: SERVER, code: 'upstream_error', retry: false },
  upstream_timeout: { status: 504, type: SERVER, code: 'upstream_timeout', retry: false },
  first_byte_timeout: { status: 504, type: SERVER, code: 'first_byte_timeout', retry: false },
  idle_timeout: { status: 504, type: SERVER, code: 'idle_timeout', retry: false },
  turn_timeout: { status: 504, type: SERVER, code: 'turn_timeout', retry: false },

  copilot_signed_out: { status: 401, type: UNAUTHORIZED, code: COPILOT_AUTH, retry: false },
  copilot_auth_unreadable: { status: 500, type: SERVER, code: COPILOT_AUTH, retry: false },
  copilot_auth_unreachable: { status: 502, type: SERVER, code: COPILOT_AUTH, retry: true },
  copilot_quota_exceeded: {
    status: 429,
    type: 'usage_limit_reached',
    code: 'insufficient_quota',
    retry: false,
  },
  model_not_supported: { status: 400, type: INVALID, code: 'model_not_supported' },
  upstream_request_failed: { status: 502, type: SERVER, code: 'upstream_request_failed', retry: true },
};

const OWN_CODES: ReadonlySet<string | null> = new Set(Object.values(FORMS).map(({ code }) => code));

/** Returns true for a code that errors of the gateway itself have on the wire, rather than one that a provider has made up. */
export function isOwnCode(code: string): boolean {
  return OWN_CODES.has(code);
}

/** Encodes an error for the caller, who sees no details of one that is not a `GatewayError`. */
export function encodeError(error: unknown): ErrorResponse {
  const known = error instanceof GatewayError ? error : hidden(error);
  const { param, providerCode, resetsAt, status } = known.detail;
  const form = FORMS[known.code];
  return {
    status: status ?? form.status,
    headers: encodeHeaders(known, form),
    body: {
      error: {
        message: known.message,
        type: form.type,
        param: param ?? null,
        code: providerCode ?? form.code,
        ...(resetsAt !== undefined && { resets_at: resetsAt }),
      },
    },
  };
}

function encodeHeaders({ code, detail }: GatewayError, { retry }: ErrorForm): Record<string, string> {
  const { retryAfter, allow, status } = detail;
  // Clients judge the provider's own status by themselves.
  const shouldRetry = detail.shouldRetry ?? (status === undefined ? retry : undefined);
  return {
    ...(shouldRetry !== undefined && { 'x-should-retry': String(shouldRetry) }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(code === 'invalid_api_key' && { 'www-authenticate': 'Bearer' }),
    ...(code === 'upgrade_required' && { upgrade: 'websocket' }),
    ...(allow !== undefined && { allow: allow.join(', ') }),
  };
}

function hidden(cause: unknown): GatewayError {
  return new GatewayError('internal_error', 'The gateway failed to handle this request.', { cause });
}
