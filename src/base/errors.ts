import type { JsonPath } from './json-path.ts';
import type { Facts } from './facts.ts';

/**
 * Codes for every failure of a request. `openai/vocabulary/error-body.ts` maps each one to an HTTP status and
 * an OpenAI body; a new code does not compile until it is listed there.
 */
export type ErrorCode =
  // the caller's request
  | 'invalid_value'
  | 'invalid_image'
  | 'image_timeout'
  | 'invalid_schema'
  | 'invalid_json'
  | 'missing_parameter'
  | 'unknown_parameter'
  | 'unsupported_parameter'
  | 'unsupported_value'
  | 'invalid_function_parameters'
  | 'request_too_large'
  | 'unsupported_encoding'
  | 'head_too_large'
  | 'request_timeout'
  | 'invalid_request'
  | 'expectation_failed'
  | 'invalid_api_key'
  | 'missing_scope'
  | 'token_limited'
  | 'daily_limit_reached'
  | 'too_many_guesses'
  | 'invalid_url'
  | 'forbidden_host'
  | 'forbidden_origin'
  | 'unknown_url'
  | 'method_not_allowed'
  | 'upgrade_required'
  | 'connection_expired'
  | 'model_not_found'
  | 'context_length_exceeded'
  | 'policy_violation'
  | 'misalignment'
  | 'loop_detected'
  | 'idempotency_mismatch'
  | 'previous_response_not_found'
  | 'response_not_found'
  | 'conversation_not_found'
  | 'item_not_found'
  | 'store_off'
  | 'storage_full'
  | 'storage_busy'
  | 'storage_failed'
  // the console
  | 'sign_in_failed'
  | 'read_only'
  | 'forbidden_page'
  | 'token_exists'
  | 'token_not_found'
  | 'config_changed'
  | 'config_not_writable'
  // agent sessions
  | 'session_not_found'
  | 'message_not_found'
  | 'session_busy'
  | 'session_conflict'
  | 'thread_not_found'
  | 'sessions_full'
  | 'workspace_forbidden'
  | 'approval_not_pending'
  | 'turn_not_found'
  | 'undo_conflict'
  | 'provider_key_missing'
  // internal tools
  | 'not_allowed'
  | 'branch_not_found'
  | 'call_running'
  | 'confirmation_required'
  | 'idempotency_key_reused'
  | 'tool_limited'
  | 'github_refused'
  | 'github_token_missing'
  | 'push_rejected'
  | 'push_failed'
  | 'clone_unusable'
  | 'github_unreachable'
  // the gateway and its Codex child
  | 'queue_full'
  | 'codex_unavailable'
  | 'shutting_down'
  | 'start_timeout'
  | 'codex_not_signed_in'
  | 'client_too_slow'
  | 'answer_too_large'
  | 'internal_error'
  // the model provider
  | 'provider_rejected'
  | 'provider_unauthorized'
  | 'provider_forbidden'
  | 'insufficient_quota'
  | 'rate_limited'
  | 'overloaded'
  | 'unknown_tool_call'
  | 'invalid_answer'
  | 'upstream_error'
  | 'upstream_refused'
  | 'provider_failed'
  | 'upstream_timeout'
  | 'first_byte_timeout'
  | 'idle_timeout'
  | 'turn_timeout'
  // GitHub Copilot
  | 'copilot_signed_out'
  | 'copilot_auth_unreadable'
  | 'copilot_auth_unreachable'
  | 'copilot_quota_exceeded'
  | 'model_not_supported'
  | 'upstream_request_failed';

/** A wrong field of a request. */
export interface FieldProblem {
  /** The keys and indexes that lead to it; none for the whole body. */
  readonly path: JsonPath;
  /** A sentence without the name of the field. */
  readonly problem: string;
}

export interface ErrorDetail {
  /** Path of the wrong field in the caller's request, such as `messages[2].content`. */
  readonly param?: string;
  /** Every wrong field, for surfaces that can name several. */
  readonly fields?: readonly FieldProblem[];
  /** Seconds after which a retry can succeed. */
  readonly retryAfter?: number;
  /** Answers whether a retry makes sense, in place of the code's own answer. */
  readonly shouldRetry?: boolean;
  /** The provider's own status, in place of that of the code. */
  readonly status?: number;
  /** The provider's own code, shown to the caller in place of ours. */
  readonly providerCode?: string;
  /** Time at which a quota is reset, in seconds since 1970, shown in the body as `resets_at`. */
  readonly resetsAt?: number;
  /** HTTP methods that the path supports, for the Allow header. */
  readonly allow?: readonly string[];
  /** For the log only. */
  readonly cause?: unknown;
  /** Further facts for the log, without quotations. */
  readonly facts?: Facts;
  /** Message for the log if `message` contains quotations without quotation marks. */
  readonly logMessage?: string;
}

/** A failure whose message is written for the caller: it contains no file path, secret or internal detail. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.detail = detail;
  }
}

/** Creates the error of requests that arrive during a shutdown. */
export function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The gateway is shutting down.', { retryAfter: 5 });
}

/** A reason not to start, in one line that says what to do, for the person at the terminal. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** Returns the message of any thrown value, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reason of an abort when the client has disconnected and nothing can be sent to it any more. */
export class ClientGoneError extends Error {
  override readonly name: string = 'ClientGoneError';

  constructor(message = 'the client closed the connection') {
    super(message);
  }
}
