import { createHash } from 'node:crypto';
import { failureEvent } from './failure-event.ts';
import type { EventFields } from './format-event.ts';
import type { AnswerFacts, InboundFacts, RequestDiagnostics, WaitFacts } from './request-diagnostics.ts';
import type { Secrets } from './secrets.ts';
import { watchBody, type BodyEnd } from './watch-body.ts';

export interface RecorderOptions {
  readonly secrets: Secrets;
  /** True at the levels that write what is in a body. */
  readonly hasContent: boolean;
  /** Names of the headers of Codex that are sent on. */
  readonly codexHeaders: readonly string[];
  /** Writes an event of the request, in the order of the calls. */
  write(kind: string, fields: EventFields, body?: WrittenBody): void;
}

/** A body whose content is written. */
export interface WrittenBody {
  readonly bytes: Buffer;
  readonly isEncoded: boolean;
}

/** Creates the diagnostics of one request. */
export function createRecorder(options: RecorderOptions): RequestDiagnostics {
  const { secrets, hasContent, write } = options;
  const startedAt = performance.now();
  const latest = { count: 0, url: '', startedAt };
  let isInbound = false;
  let hasFailed = false;

  function writeEnd({ outcome, chunkCount, byteCount }: BodyEnd): void {
    const elapsed_ms = elapsedMs(startedAt);
    write(ENDS[outcome], { chunk_count: chunkCount, byte_count: byteCount, elapsed_ms });
  }

  return {
    inbound(request) {
      if (isInbound) return;
      isInbound = true;
      const { headers, target, body } = request;
      secrets.learnHeaders(headers);
      write('inbound_request', inboundFields(request, options.codexHeaders));
      if (!hasContent || body === undefined) return;
      const isEncoded = headers['content-encoding'] !== undefined;
      write('inbound_request_content', { target: target ?? null }, { bytes: body, isEncoded });
    },
    authResolved({ source, bearer }) {
      secrets.learn(bearer);
      write('auth_resolved', { auth_source: source });
    },
    attempt(url) {
      latest.count += 1;
      latest.url = url;
      latest.startedAt = performance.now();
    },
    rateLimited: (wait) => write('upstream_rate_limited', waitFields(wait, latest.count)),
    failed(error, signal) {
      if (hasFailed) return;
      hasFailed = true;
      if (signal.aborted) {
        if (latest.count > 0) writeEnd({ outcome: 'dropped', chunkCount: 0, byteCount: 0 });
        return;
      }
      const event = failureEvent(error, { ...latest, elapsedMs: elapsedMs(latest.startedAt) });
      if (event) write(event.kind, event.fields);
    },
    answered({ status, headers, body }, signal) {
      secrets.learnHeaders({ 'set-cookie': headers['set-cookie'] });
      write('upstream_response_ready', {
        attempt_count: latest.count,
        status,
        content_type: headerOf(headers, 'content-type'),
        elapsed_ms: elapsedMs(startedAt),
      });
      if (hasContent) write('upstream_response_content_hint', { status, content_length: lengthOf(headers) });
      watchBody(body, signal, writeEnd);
    },
  };
}

function elapsedMs(since: number): number {
  return Math.round(performance.now() - since);
}

function lengthOf(headers: AnswerFacts['headers']): number | null {
  const length = headerOf(headers, 'content-length');
  return length === null ? null : Number(length);
}

const ENDS = {
  completed: 'upstream_stream_completed',
  error: 'upstream_stream_error',
  dropped: 'upstream_stream_dropped',
} as const;

function inboundFields(
  { method, target, headers, bodyBytes }: InboundFacts,
  codexHeaders: readonly string[],
): EventFields {
  return {
    method,
    target: target ?? null,
    body_len: bodyBytes ?? null,
    content_type: headerOf(headers, 'content-type'),
    accept: headerOf(headers, 'accept'),
    forwarded_codex_headers: codexHeaders.filter((name) => headers[name] !== undefined),
  };
}

function waitFields(wait: WaitFacts, attempt: number): EventFields {
  const { ms, sleepMs, source, isTooLong, earlierMs, budgetMs, headers } = wait;
  const id = headerOf(headers, 'x-request-id');
  return {
    attempt,
    wait_ms: Math.round(sleepMs),
    raw_wait_ms: Math.round(ms),
    wait_clamped: sleepMs < ms,
    wait_source: source,
    total_wait_before_ms: Math.round(earlierMs),
    total_wait_after_ms: Math.round(isTooLong ? earlierMs : earlierMs + sleepMs),
    budget_ms: budgetMs,
    retry_budget_exceeded: isTooLong,
    upstream_request_id: id === null ? null : createHash('sha256').update(id).digest('hex').slice(0, 16),
  };
}

function headerOf(headers: AnswerFacts['headers'], name: string): string | null {
  return [headers[name] ?? []].flat()[0] ?? null;
}
