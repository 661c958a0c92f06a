import type { EndedRequest } from '../../base/observation.ts';
import { outcomeOf } from '../../base/outcome.ts';
import type { RequestRow } from '../contract/requests.ts';
import type { LoggedRequest } from '../recording/request-log.ts';

/** Returns a request as it is listed. */
export function encodeRequest(request: LoggedRequest): RequestRow {
  const { number, id, time, method, path, key = null, end } = request;
  // Facts of the end take the place of what was known before.
  const { model, firstMs: first, client, ms, usage } = { ...request, ...endedOf(request) };
  return {
    number,
    id,
    time,
    method,
    path,
    model: model ?? null,
    asked_model: request.asked ?? null,
    key,
    client: client ?? null,
    is_running: end === undefined,
    status: statusOf(end),
    outcome: readOutcome(end),
    first_ms: first ?? null,
    total_ms: ms ?? null,
    tokens: encodeTokens(usage),
  };
}

/** Returns the facts of a request that has ended; undefined before, and for one that could not be read. */
function endedOf({ end }: LoggedRequest): Partial<EndedRequest> | undefined {
  return end === undefined || end.type === 'request-unreadable' ? undefined : end.request;
}

function statusOf(end: LoggedRequest['end']): number | null {
  return end === undefined || end.type === 'response-end' ? null : end.status;
}

function readOutcome(end: LoggedRequest['end']): string | null {
  if (end === undefined) return null;
  if (end.type === 'request-unreadable') return end.failure?.outcome ?? 'client_gone';
  return outcomeOf(end);
}

function encodeTokens(usage: EndedRequest['usage']): RequestRow['tokens'] {
  if (usage === undefined) return null;
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, estimated = false } = usage;
  return {
    input: inputTokens,
    cached: cachedInputTokens,
    output: outputTokens,
    reasoning: reasoningTokens,
    estimated,
  };
}
