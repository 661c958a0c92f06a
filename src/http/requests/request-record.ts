import type { Log, LogFields } from '../../base/log.ts';
import type { Usage } from '../../conversation/usage.ts';
import type { Answer, Settled } from '../../gateway/gateway.ts';
import { watchAnswer } from '../../gateway/answer/watch-answer.ts';
import type { Compatibility } from '../../openai/request/compatibility.ts';
import type { PartNames } from '../../openai/request/notice-headers.ts';
import { loggablePath } from '../../openai/loggable-path.ts';
import { describeFailure, type Failure } from './describe-failure.ts';

/** Facts about one request, gathered for its line in the log. */
export interface RequestRecord {
  note(fields: LogFields): void;
  /** Notes fields that are left out or done in another way. */
  noteNotices(compatibility: Pick<Compatibility, 'ignored' | 'adjustments'>, names: PartNames): void;
  /** Notes the model, times and tokens of an answer as they become known; the returned one is to be read in its place. */
  watch(answer: Promise<Answer>): Promise<Answer>;
  /** Notes a failure that the client is told. A further one is reported at once. */
  fail(error: unknown): void;
  /** Writes the line, at the level of its failure. */
  write(message: string, fields: LogFields): void;
}

export function createRequestRecord(log: Log, id: string): RequestRecord {
  const start = performance.now();
  let noted: Record<string, LogFields[string]> = { id };
  let failure: Failure | undefined;
  let names: PartNames = {};
  let adjustments: Settled['adjustments'] = [];
  let furtherAdjustments: Settled['adjustments'] = [];
  let ignored: readonly string[] = [];

  const elapsed = () => Math.round(performance.now() - start);

  function note(fields: LogFields): void {
    noted = { ...noted, ...fields };
  }

  function settle(settled: Settled): void {
    furtherAdjustments = settled.adjustments;
    note({ model: settled.model, effort: settled.reasoningEffort ?? undefined });
  }

  return {
    note,
    noteNotices(compatibility, partNames) {
      names = partNames;
      ignored = [...compatibility.ignored];
      ({ adjustments } = compatibility);
    },
    async watch(answer) {
      const begun = await answer;
      settle(begun);
      return watchAnswer(begun, {
        onFirst: () => note({ firstMs: elapsed() }),
        onUsage: (usage) => note(describeUsage(usage)),
      });
    },
    fail(error) {
      const next = describeFailure(error);
      if (next === undefined) return;
      if (failure === undefined) failure = next;
      else log[next.level]('a failure after the first', { id, ...next.fields });
    },
    write(message, fields) {
      const adjusted = [...adjustments, ...furtherAdjustments].map(({ path }) =>
        loggablePath(names[path] ?? path),
      );
      log[failure?.level ?? levelOf(fields.status)](message, {
        ...noted,
        ...fields,
        ms: elapsed(),
        ignored: joinPaths(ignored.map(loggablePath)),
        adjusted: joinPaths(adjusted),
        ...failure?.fields,
      });
    },
  };
}

function levelOf(status: LogFields[string]): 'info' | 'warn' {
  return typeof status === 'number' && status >= 400 && status !== CLIENT_GONE ? 'warn' : 'info';
}

/** Status of a request whose client left before its answer. */
export const CLIENT_GONE = 499;

function describeUsage({ inputTokens, cachedInputTokens, outputTokens, estimated }: Usage): LogFields {
  return { inputTokens, cachedTokens: cachedInputTokens, outputTokens, estimated };
}

function joinPaths(paths: readonly string[]): string | undefined {
  const distinct = [...new Set(paths)];
  if (distinct.length === 0) return undefined;
  const more = distinct.length > MAX_PATHS ? `, and ${distinct.length - MAX_PATHS} more` : '';
  return `${distinct.slice(0, MAX_PATHS).join(', ')}${more}`;
}

const MAX_PATHS = 20;
