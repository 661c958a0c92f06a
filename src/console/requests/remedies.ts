import type { ErrorCode } from '../../base/errors.ts';

/** Advice for each kind of failure, to the person who runs the gateway. Words in backticks are code. */
export const REMEDIES: Readonly<Record<ErrorCode, string>> = {
  // the caller's request
  invalid_value: 'Correct the field in the settings of the client, or in the program that sends it.',
  invalid_image:
    'Send a PNG, JPEG, WebP or GIF that is not damaged, or its address as the gateway can reach it.',
  image_timeout: 'Send the image as a data URL, or from a host that answers within ten seconds.',
  invalid_schema: 'Correct the JSON Schema in the request at the place that the message names.',
  invalid_json:
    'The client has to send a JSON object in UTF-8. Look at its body, and at its `Content-Encoding`.',
  missing_parameter:
    'Let the client send the field. For a missing model, `defaultModel` in the config file helps, too.',
  unknown_parameter:
    'Remove the field from the request. With `"compatibility": "compat"` in the config file, the gateway ignores hints that it does not know.',
  unsupported_parameter:
    'Remove the field from the request, or set `"compatibility": "compat"` in the config file, where it may be ignored.',
  unsupported_value: 'Choose one of the values that the message lists.',
  invalid_function_parameters: 'Correct the JSON Schema of the tool at the place that the message names.',
  request_too_large: 'Send less, such as smaller images, or raise `limits.bodyBytes` in the config file.',
  unsupported_encoding: 'Compress the body with gzip, deflate, br or zstd, or not at all.',
  head_too_large: 'Send fewer headers. Cookies of other servers on this host are often the cause.',
  request_timeout: 'The request arrived too slowly. Check the network between the client and the gateway.',
  invalid_request:
    'The client does not speak HTTP/1.1. An address with `https://` in place of `http://` is often the cause.',
  expectation_failed: 'Let the client send no `Expect` header.',
  invalid_api_key:
    'Give the client a token that holds: `codex-gateway token` prints the main one, and the page Keys makes others.',
  missing_scope: 'Use a token with the scope that the message names, which the page Keys can make.',
  token_limited: 'Wait, or replace the token by one with higher limits on the page Keys.',
  daily_limit_reached:
    'Wait until midnight UTC, or replace the token by one with a higher limit on the page Keys.',
  too_many_guesses:
    'A program at this address sends a wrong token again and again. Find it, and correct its token.',
  invalid_url: 'Correct the base URL of the client. The page Set up a client shows the right one.',
  forbidden_host: 'Add the name by which the client calls the gateway to `allowedHosts` in the config file.',
  forbidden_origin: 'If you trust this web page, add its origin to `allowedOrigins` in the config file.',
  unknown_url:
    'Correct the base URL of the client: mostly it lacks `/v1`, or has it twice. The page Set up a client shows it.',
  method_not_allowed: 'Send the request with one of the methods in the `Allow` header of the answer.',
  upgrade_required: 'Send `POST`, or open a WebSocket at this path.',
  connection_expired: 'Let the client open another WebSocket. One lasts for 60 minutes.',
  model_not_found: 'Choose a model of the page Models, or make an alias for this name there.',
  context_length_exceeded:
    'Begin another conversation, let the client compact this one, or choose a model with a longer context.',
  policy_violation: 'The provider refuses what was asked for. Put it another way.',
  misalignment: 'The provider refuses what was asked for. Put it another way.',
  loop_detected:
    'Correct `base_url` of the provider in the `config.toml` of Codex: it leads back to a gateway.',
  idempotency_mismatch: 'Let the client send another `Idempotency-Key` with each other request.',
  previous_response_not_found:
    'Send the whole conversation again, with the token that made the response. Responses with `store: false` cannot be continued.',
  response_not_found: 'The response was deleted, is too old, was not stored, or belongs to another token.',
  conversation_not_found: 'The conversation was deleted, is too old, or belongs to another token.',
  item_not_found: 'Send the item itself in place of a reference to it.',
  store_off: 'Remove `"store": false` from the config file.',
  storage_full: 'Free some space on the disk of the state folder.',
  storage_busy:
    'Try again. If it lasts, look which other program uses the state folder, and if its disk answers.',
  storage_failed: 'Run `codex-gateway doctor`, and look at the log for the reason.',
  // the console
  sign_in_failed: 'Run `codex-gateway open` again, and open its link within a minute.',
  read_only: 'Sign in again with `codex-gateway open`, without `--read-only`.',
  forbidden_page:
    'Another web page tried to act in the name of the console. Find out which one is open in the browser.',
  token_exists: 'Choose another name, or revoke the token that has it.',
  token_not_found: 'The token was revoked already.',
  config_changed: 'Somebody else has changed the config file. Read it again, then make the change once more.',
  config_not_writable: 'Let the user of the gateway write the config file and its folder.',
  // agent sessions
  session_not_found: 'The session was deleted, or belongs to another token.',
  message_not_found: 'Read the messages of the session again.',
  session_busy: 'Wait until the turn of the session ends, or interrupt it.',
  session_conflict: 'Read the state of the session again, then decide.',
  thread_not_found: 'Codex no longer has the thread. Begin another session.',
  sessions_full:
    'Wait for other agents, or raise `sessions.maxConcurrentTurns` or `sessions.maxQueuedTurns` in the config file.',
  workspace_forbidden: 'Choose a folder within `sessions.roots`, or add its folder there in the config file.',
  approval_not_pending: 'It was decided already, or the turn has ended.',
  turn_not_found: 'Read the turns of the session again.',
  undo_conflict: 'The files were changed after the turn. Take those changes back first, or undo by hand.',
  provider_key_missing:
    'Send the key of the provider of this session again: the gateway keeps it in memory alone.',
  // internal tools
  not_allowed:
    'Choose one of the names that the message lists, or add this one to `tools` in the config file.',
  branch_not_found: 'Make the branch in the clone first.',
  call_running: 'Wait for the first call with this `Idempotency-Key`.',
  confirmation_required: 'Look at the dry run, then call again with `confirm: true`.',
  idempotency_key_reused: 'Use another `Idempotency-Key` for another call.',
  tool_limited: 'Wait a little, or raise `tools.rateLimit` in the config file.',
  github_refused: 'The message has the reason of GitHub. Mostly its token lacks a permission.',
  github_token_missing: 'Configure `tools.github` as the message says, then call again.',
  push_rejected: 'Bring the commits of the remote into the clone, then push again.',
  push_failed: 'Check the remote of the clone, and what its token may do.',
  clone_unusable:
    'Check that the folder in `tools.repositories` is a clone that git can read: `codex-gateway doctor` tries it.',
  github_unreachable: 'Check the network of the gateway, then call again.',
  // the gateway and its Codex child
  queue_full:
    'Send fewer requests at once, or raise `limits.waiting` or `limits.perToken` in the config file.',
  codex_unavailable: 'Try again. If it lasts, run `codex-gateway doctor`, and look at the log.',
  shutting_down: 'Send the request again once the gateway is up.',
  start_timeout:
    'Fewer requests at once, a higher `limits.running`, or a higher `deadlines.start` let it begin in time.',
  codex_not_signed_in: 'Run `codex-gateway login`.',
  client_too_slow: 'The client stopped reading its answer. Look if it hangs, or if its network does.',
  answer_too_large: 'Ask for less, or stream the answer.',
  internal_error:
    'This is a fault of the gateway. The log has the reason under the id of this request; please report it.',
  // the model provider
  provider_rejected: 'The provider does not accept the request. Change what the message names.',
  provider_unauthorized:
    'Sign in again with `codex-gateway login`, or correct the key of the provider, as the message says.',
  provider_forbidden:
    'The account may not do this: mostly the model, or the country. The message has the reason of the provider.',
  insufficient_quota:
    'Wait until the limit is reset, which the page Overview shows, or choose another provider.',
  rate_limited: 'Wait as long as `retry-after` says, and send fewer requests at once.',
  overloaded: 'The provider has no capacity. Try again later, or choose another model.',
  unknown_tool_call: 'Try again, or name in the instructions which tools the model may call.',
  invalid_answer: 'Try again with a simpler schema, or with a stronger model.',
  upstream_error: 'Try again. If it lasts, check the network of the gateway with `codex-gateway doctor`.',
  upstream_refused: 'Check `base_url` of the provider, and if it has the model. The message has its reason.',
  provider_failed: 'The provider has failed. Try again later.',
  upstream_timeout: 'Try again, or raise `deadlines.firstByte` in the config file.',
  first_byte_timeout: 'Try again, choose a lower effort, or raise `deadlines.firstByte` in the config file.',
  idle_timeout: 'Try again, or raise `deadlines.idle` in the config file.',
  turn_timeout: 'Ask for less at once, or raise `deadlines.turn` in the config file.',
  // GitHub Copilot
  copilot_signed_out: 'Run `codex-gateway copilot login`.',
  copilot_auth_unreadable:
    'Run `codex-gateway copilot login` again. The message says which file or answer cannot be read.',
  copilot_auth_unreachable: 'Check that the gateway can reach GitHub: `codex-gateway doctor` tries it.',
  copilot_quota_exceeded:
    "Wait until Copilot's limit is reset, which the message says, or choose another model.",
  model_not_supported: 'Choose another model of Copilot: the page Models lists those that can be used.',
  upstream_request_failed:
    'Check that the gateway can reach GitHub Copilot: `codex-gateway doctor` tries it.',
};
