import { abortable } from '../base/async/abort.ts';
import { GatewayError, messageOf } from '../base/errors.ts';
import type { AgentInput, AgentThread, ReviewTarget, TurnStatus } from '../conversation/ports/agent.ts';
import type { AttachmentFiles } from './attachments/attachment-files.ts';
import { prepareInput, type PreparedInput } from './attachments/prepare-input.ts';
import type { MessageAttachment } from './events/shapes.ts';
import type { SessionChoices, SessionParts } from './session-options.ts';
import type { SessionThread } from './session-thread.ts';
import type { QueuedTurn } from './turns/session-queue.ts';
import type { SessionTurns, AgentTurnEnd } from './turns/session-turns.ts';
import type { TurnOverlaps } from './turns/turn-overlaps.ts';
import type { FileChange } from './workspace/history/changes.ts';
import type { SkippedPath } from './workspace/history/entry.ts';
import type { TurnHistory } from './workspace/history/turn-history.ts';

/** The work of a turn. */
export type TurnTask =
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly attachments: readonly MessageAttachment[];
      /** True for a turn that only makes a plan. */
      readonly isPlan: boolean;
    }
  | { readonly kind: 'review'; readonly target: ReviewTarget }
  | { readonly kind: 'compaction' };

/** A turn that runs or waits. */
export interface TurnJob {
  readonly turnId: string;
  readonly task: TurnTask;
  /** The message that asks for it. */
  messageId: string | undefined;
  /** Its place in the queue of all sessions. */
  place: QueuedTurn | undefined;
  /** Resolves once the turn is stored; rejects if it is not, and then it never runs. */
  readonly accepted: PromiseWithResolvers<void>;
  /** Aborts when the turn has to end early. */
  readonly stopping: AbortController;
  readonly finished: PromiseWithResolvers<void>;
  /** Input that was added while the turn runs. */
  readonly added: PreparedInput[];
}

export interface TurnOutcome {
  readonly status: TurnStatus;
  readonly error?: string | undefined;
  /** Paths that a limit left out; there may be more of them than are listed. */
  readonly skipped: readonly SkippedPath[];
  readonly skippedCount: number;
}

/** The session in which a turn works. */
export interface TurnScope {
  readonly choices: SessionChoices;
  readonly context: Readonly<Record<string, unknown>>;
  readonly thread: SessionThread;
  readonly turns: SessionTurns;
  readonly history: TurnHistory;
  readonly overlaps: TurnOverlaps;
  readonly files: AttachmentFiles;
  readonly timeoutMs: number;
  /** Note with which the input begins. */
  readonly note: string | null;
  /** Called with the reason of a failure that clients are not shown. */
  onBroken?: SessionParts['onBroken'];
  onBegun(agentId: string): void;
}

/** Does the work of a turn, from its thread to the look at what it changed. Never rejects. */
export async function workTurn(job: TurnJob, scope: TurnScope): Promise<TurnOutcome> {
  const { history, overlaps, choices } = scope;
  const { workspace, review, sandbox } = choices;
  const { signal } = job.stopping;
  const isMeasured = job.task.kind !== 'compaction';
  try {
    const writesByCommand = review !== 'edits' && sandbox !== 'read-only';
    if (isMeasured) overlaps.begin(job.turnId, { workspace, writesByCommand });
    const opening = abortable(scope.thread.open(signal), signal);
    const thread = await (isMeasured ? openMeasured(opening, job, scope) : opening);
    const end = await settle(runTask(thread, job, scope));
    const attribute = (changes: readonly FileChange[]) => ownChanges(job.turnId, changes, overlaps);
    const measured = isMeasured ? await history.end(job.turnId, attribute) : undefined;
    return { ...end, skipped: measured?.skipped ?? [], skippedCount: measured?.skippedCount ?? 0 };
  } catch (error) {
    return { ...endOf(error, scope, signal), skipped: [], skippedCount: 0 };
  } finally {
    overlaps.end(job.turnId);
  }

  async function settle(running: Promise<AgentTurnEnd>): Promise<AgentTurnEnd> {
    try {
      return await running;
    } catch (error) {
      return endOf(error, scope, signal);
    }
  }
}

/** Looks at the workspace while the thread is opened; both are done when the promise resolves. */
async function openMeasured(
  opening: Promise<AgentThread>,
  { turnId, stopping }: TurnJob,
  { history, choices }: TurnScope,
): Promise<AgentThread> {
  const unopened = new AbortController();
  opening.catch(() => unopened.abort());
  const signal = AbortSignal.any([stopping.signal, unopened.signal]);
  const looking = history.begin(turnId, choices.workspace, signal);
  const [opened, looked] = await Promise.allSettled([opening, looking]);
  if (opened.status === 'fulfilled' && looked.status === 'fulfilled') return opened.value;
  // A turn that never starts changes nothing. What cannot be removed now goes when it is old.
  await history.forget([turnId]).catch(() => {});
  throw opened.status === 'rejected' ? opened.reason : (looked as PromiseRejectedResult).reason;
}

function endOf(error: unknown, { onBroken }: Pick<TurnScope, 'onBroken'>, signal: AbortSignal): AgentTurnEnd {
  if (signal.aborted) return { status: 'interrupted' };
  if (error instanceof GatewayError) return { status: 'failed', error: error.message };
  onBroken?.(messageOf(error));
  return { status: 'failed', error: 'The gateway failed to run this turn. Its log says why.' };
}

/** Returns the changes of a turn without those of other turns that ran at the same time. */
function ownChanges(
  turnId: string,
  changes: readonly FileChange[],
  overlaps: TurnOverlaps,
): readonly FileChange[] {
  return changes.flatMap((change) => {
    const isFolder = (change.after ?? change.before)?.type === 'folder';
    const owner = overlaps.ownerOf(turnId, { path: change.path, isFolder });
    if (owner === 'other') return [];
    return [owner === 'unknown' ? { ...change, isContested: true as const } : change];
  });
}

/** Creates a job that has no place yet. */
export function createJob(task: TurnTask): TurnJob {
  const accepted = Promise.withResolvers<void>();
  accepted.promise.catch(() => {});
  return {
    turnId: crypto.randomUUID(),
    task,
    messageId: undefined,
    place: undefined,
    accepted,
    stopping: new AbortController(),
    finished: Promise.withResolvers(),
    added: [],
  };
}

async function runTask(thread: AgentThread, job: TurnJob, scope: TurnScope): Promise<AgentTurnEnd> {
  const { task } = job;
  const run = (begin: (signal: AbortSignal) => Promise<string | void>) =>
    scope.turns.run({
      begin,
      interrupt: thread.interrupt,
      signal: job.stopping.signal,
      timeoutMs: scope.timeoutMs,
      onBegun: scope.onBegun,
    });
  if (task.kind === 'review') return await run((signal) => thread.startReview(task.target, signal));
  if (task.kind === 'compaction') return await run(() => thread.startCompaction());
  const { review, sandbox } = scope.choices;
  const { input, release } = await prepareTask(task, scope);
  try {
    return await run((signal) => thread.startTurn({ input, review, sandbox, isPlan: task.isPlan }, signal));
  } finally {
    await Promise.all([release(), ...job.added.map((added) => added.release())]);
  }
}

async function prepareTask(
  { text, attachments }: Extract<TurnTask, { readonly kind: 'message' }>,
  { choices, context, note, files }: TurnScope,
): Promise<PreparedInput> {
  const prepared = await prepareInput({ sessionId: choices.id, context, text, attachments }, files);
  const notes: AgentInput[] = note === null ? [] : [{ type: 'text', text: note }];
  return { ...prepared, input: [...notes, ...prepared.input] };
}
