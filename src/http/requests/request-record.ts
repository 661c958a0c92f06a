import type { EndedRequest, ObservedFailure, Observer, RequestFacts } from '../../base/observation.ts';
import { showable } from '../../base/excerpt.ts';
import type { Answer } from '../../gateway/gateway.ts';
import { watchAnswer } from '../../gateway/watch-answer.ts';
import type { Notices } from '../../openai/request/compatibility.ts';
import type { ParamNames } from '../../openai/request/notice-headers.ts';
import { loggablePath } from '../../openai/loggable-path.ts';
import { describeFailure } from './describe-failure.ts';

/** Gathers facts about one request, and reports them to the observer when it has ended. */
export interface RequestRecord {
  note(facts: Partial<RequestFacts>): void;
  /** Notes the name of the token that the caller has shown. */
  noteCaller(name: string): void;
  /** Notes the model that the caller has named, in whatever words. */
  noteAsked(model: string): void;
  /** Notes that the first output has come. */
  noteFirst(): void;
  /** Notes which fields were ignored or adjusted. */
  noteNotices(compatibility: Notices, names: ParamNames): void;
  /** Notes the model, times and tokens of an answer as they become known; read the returned answer instead of the given one. */
  watch(answer: Promise<Answer>): Promise<Answer>;
  /** Notes a failure that the client gets to see. Each further failure is reported at once. */
  fail(error: unknown): void;
  /** Reports the end of an HTTP request. */
  endRequest(status: number, client: string | undefined): void;
  /** Reports the end of a response in the background or on a WebSocket. */
  endResponse(outcome: string, client?: string): void;
}

export function createRequestRecord(observer: Observer, id: string): RequestRecord {
  const start = performance.now();
  let noted: RequestFacts = { id };
  let failure: ObservedFailure | undefined;
  let names: ParamNames = {};
  let notices: Notices = { ignored: [], adjustments: [] };
  let laterAdjustments: Answer['adjustments'] = [];

  const elapsed = () => Math.round(performance.now() - start);

  function note(facts: Partial<RequestFacts>): void {
    noted = { ...noted, ...facts };
  }

  function end(client: string | undefined): EndedRequest {
    const adjusted = [...notices.adjustments, ...laterAdjustments].map(({ path }) => names[path] ?? path);
    return {
      ...noted,
      client,
      ms: elapsed(),
      ignored: Array.from(notices.ignored, loggablePath),
      adjusted: adjusted.map(loggablePath),
      failure,
    };
  }

  return {
    note,
    noteCaller: (key) => observer.observe({ type: 'caller-known', key }),
    noteAsked: (model) => observer.observe({ type: 'model-asked', model: showable(model) }),
    noteFirst: () => note({ firstMs: elapsed() }),
    noteNotices({ ignored, adjustments }, paramNames) {
      names = paramNames;
      notices = { ignored: [...ignored], adjustments };
    },
    async watch(answer) {
      const started = await answer;
      const { model, reasoningEffort, isContinued } = started;
      laterAdjustments = started.adjustments;
      note({ model, effort: reasoningEffort ?? undefined, continued: isContinued || undefined });
      return watchAnswer(started, {
        onFirst() {
          const firstMs = elapsed();
          note({ firstMs });
          observer.observe({ type: 'first-output', id, model, ms: firstMs });
        },
        onUsage: (usage) => note({ usage: pickTokens(usage) }),
      });
    },
    fail(error) {
      const next = describeFailure(error);
      if (next === undefined) return;
      if (failure === undefined) failure = next;
      else observer.observe({ type: 'further-failure', id, failure: next });
    },
    endRequest: (status, client) => observer.observe({ type: 'request-end', status, request: end(client) }),
    endResponse: (outcome, client) =>
      observer.observe({ type: 'response-end', outcome, request: end(client) }),
  };
}

function pickTokens(usage: NonNullable<RequestFacts['usage']>): NonNullable<RequestFacts['usage']> {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, estimated } = usage;
  return { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, estimated };
}

/** Status that the log shows for a request whose client disconnected before its answer. */
export const CLIENT_GONE = 499;
