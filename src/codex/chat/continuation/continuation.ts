import { createHash } from 'node:crypto';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { runInSlices, type Steps } from '../../../base/async/steps.ts';
import type { Item } from '../../../conversation/item.ts';
import type { TurnEnd } from '../../../conversation/turn-event.ts';
import { encodeItem } from '../encode/encode-item.ts';
import type { ToolNames } from '../encode/tool-names.ts';
import type { Thread, TurnListener } from './thread-interface.ts';
import { createAnswerRecorder } from './answer-recorder.ts';
import { takeFingerprint, type Fingerprint } from './fingerprint.ts';
import type { HeldItem } from './held-items.ts';
import type { KeptThreads, TakenThread } from './kept-threads.ts';

/** The part of one request in a conversation that goes on from request to request. */
export interface Continuation {
  /** Takes the thread in which the request's conversation can go on, if there is one. */
  take(): Promise<TakenThread | undefined>;
  /** Gives up the thread that was taken. */
  giveUp(): void;
  /** Returns a listener that records what the model adds to the thread. */
  record(listener: TurnListener): TurnListener;
  /** Begins the work that `keep` needs, while the model is at work. */
  prepare(): void;
  /** Keeps the thread for the next request; resolves to false if it cannot be continued. */
  keep(thread: Thread, end: TurnEnd): Promise<boolean>;
}

export interface ContinuationOptions {
  readonly keptThreads: KeptThreads;
  /** Everything that a request must have in common with a thread, besides the conversation. */
  readonly key: string;
  readonly items: readonly Item[];
  readonly names: ToolNames;
  readonly signal: AbortSignal;
}

export function createContinuation(options: ContinuationOptions): Continuation {
  const { keptThreads, key, items, names, signal } = options;
  const recorder = createAnswerRecorder();
  let fingerprints: Promise<readonly Fingerprint[]> | undefined;
  let taken: TakenThread | undefined;

  function getFingerprints(): Promise<readonly Fingerprint[]> {
    if (fingerprints === undefined) {
      fingerprints = runInSlices(takeFingerprints(encodeItems(items, names)), signal);
      // Nobody waits for them when the request fails.
      fingerprints.catch(() => {});
    }
    return fingerprints;
  }

  function hasResultsAfter(count: number, callIds: readonly string[]): boolean {
    const rest = items.slice(count);
    return rest.length === callIds.length && rest.every((item, index) => isResultOf(item, callIds[index]!));
  }

  return {
    async take() {
      if (!keptThreads.has(key)) return undefined;
      taken = keptThreads.take({ key, fingerprints: await getFingerprints(), hasResultsAfter });
      return taken;
    },
    giveUp() {
      taken = undefined;
    },
    record: recorder.record,
    prepare: () => void getFingerprints(),
    async keep(thread, end) {
      const answer = recorder.items;
      const callIds = (answer ?? []).flatMap(callIdsOf);
      if (answer === undefined || !canBeContinued(end, callIds.length > 0, recorder.isOver)) return false;
      const isGone = letRest(thread, keptThreads);
      const given = (await getFingerprints()).slice(taken?.count);
      const own = await runInSlices(takeFingerprints(answer), signal);
      if (isGone()) return false;
      const held = [...(taken?.held ?? []), ...given.map(asHeld(false)), ...own.map(asHeld(true))];
      keptThreads.keep({ thread, key, held, callIds });
      return true;
    },
  };
}

/**
 * Lets a thread rest, and drops it when it can no longer be continued; returns a function that is true from then on. The thread
 * holds what is in sight here as long as it rests: a request would be held with its whole conversation.
 */
function letRest(thread: Thread, keptThreads: KeptThreads): () => boolean {
  let isGone = false;
  thread.rest(() => {
    isGone = true;
    keptThreads.drop(thread);
  });
  return () => isGone;
}

/** Returns true for a turn that came to its own end, or that waits for the results of its calls and nothing else. */
function canBeContinued({ reason, isComplete }: TurnEnd, hasCalls: boolean, isOver: boolean): boolean {
  if (!isComplete || hasCalls === isOver) return false;
  return reason === (hasCalls ? 'tool-calls' : 'stop');
}

/** Returns true for the result of a call in words. Images must be compared with their echo, which a resumed turn does not do. */
function isResultOf(item: Item, callId: string): boolean {
  if (item.type !== 'tool-result' || item.callId !== callId || item.custom === true) return false;
  return item.parts.every((part) => part.type === 'text');
}

function callIdsOf(item: ResponseItem): string[] {
  return item.type === 'function_call' ? [item.call_id] : [];
}

function asHeld(isOwn: boolean): (fingerprint: Fingerprint) => HeldItem {
  return (fingerprint) => ({ ...fingerprint, isOwn });
}

function* encodeItems(items: readonly Item[], { toCodexName }: ToolNames): Iterable<ResponseItem> {
  for (const item of items) yield encodeItem(item, toCodexName);
}

function* takeFingerprints(items: Iterable<ResponseItem>): Steps<readonly Fingerprint[]> {
  const taken: Fingerprint[] = [];
  for (const item of items) {
    taken.push(yield* takeFingerprint(item));
    yield;
  }
  return taken;
}

/** Returns the key of the threads that belong to an owner and were started with these settings. */
export function continuationKey(owner: string, settings: readonly unknown[]): string {
  const text = JSON.stringify([owner, ...settings]);
  return createHash('sha256').update(text).digest('base64');
}
