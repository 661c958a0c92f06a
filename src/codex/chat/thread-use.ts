import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { imagesOf, type Item, type ToolResultItem } from '../../conversation/item.ts';
import type { Adjustment, TurnEnd } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import { RpcError } from '../protocol/rpc-error.ts';
import { continuationKey, createContinuation, type Continuation } from './continuation/continuation.ts';
import type { TakenThread } from './continuation/kept-threads.ts';
import type { Thread, TurnCaller, TurnListener } from './continuation/thread-interface.ts';
import type { TurnNotification } from './decode/turn-notifications.ts';
import { compareDetail, isReEncoded } from './image-echo.ts';
import type { BareAppServer } from './profile/profile.ts';
import type { WarmRequest } from './profile/warm-threads.ts';
import { turnOptions } from './running-turn.ts';
import { startBareThread, threadKey, threadSettings } from './start-bare-thread.ts';
import { createThread } from './thread.ts';
import type { KeyedTools } from './tool-encoder.ts';

/** The thread on which one turn runs: one that holds the beginning of its conversation, or a new one. */
export interface ThreadUse {
  /** Starts the turn, and reports it to the listener. Resolves once it has started. */
  begin(): Promise<void>;
  /** Keeps the thread of a turn that has ended for the next request, if that may continue it. */
  end(end: TurnEnd): Promise<void>;
  /** Releases the thread, unless it is kept; never rejects. */
  release(): Promise<void>;
  readonly hasThread: boolean;
  /** True once the provider may have been asked. */
  readonly isAsked: boolean;
}

export interface ThreadUseOptions extends TurnCaller {
  readonly server: BareAppServer;
  readonly turn: Turn;
  readonly tools: KeyedTools;
  readonly listener: TurnListener;
  /** Returns true if the app-server will serve further requests. */
  expectsRequests(): boolean;
  /** Called when the provider may be asked from now on. */
  onAsked(): void;
  /** Called when Codex has the whole conversation, before the first notification. */
  onStart(start: TurnStart): void;
}

interface TurnStart {
  readonly adjustments: readonly Adjustment[];
  /** True if the turn continues the thread of an earlier one. */
  readonly isContinued?: boolean;
}

export function createThreadUse(options: ThreadUseOptions): ThreadUse {
  return new AppServerThreadUse(options);
}

class AppServerThreadUse implements ThreadUse {
  readonly #options: ThreadUseOptions;
  readonly #continuation: Continuation | undefined;
  #listener: TurnListener;
  #warm: WarmRequest | undefined;
  #prepareNext: (() => void) | undefined;
  #thread: Thread | undefined;
  #hasStarted = false;
  #isAsked = false;
  /** True if the thread holds an image in another form than the caller's. */
  #hasOtherImages = false;

  constructor(options: ThreadUseOptions) {
    this.#options = options;
    this.#continuation = openContinuation(options);
    this.#listener = this.#continuation?.record(options.listener) ?? options.listener;
  }

  get hasThread(): boolean {
    return this.#thread !== undefined;
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  async begin(): Promise<void> {
    const { server, turn } = this.#options;
    if (!(await this.#beginContinued())) {
      await server.state.intake.run(turn, this.#options, async () => await this.#beginNew());
    }
    this.#continuation?.prepare();
  }

  async end(end: TurnEnd): Promise<void> {
    if (this.#thread === undefined || this.#hasOtherImages || !this.#options.expectsRequests()) return;
    if (await this.#continuation?.keep(this.#thread, end)) this.#thread = undefined;
  }

  async release(): Promise<void> {
    // A short answer is over before the thread for the next request was thought of.
    this.#prepare();
    await this.#thread?.release();
    this.#warm?.leave();
  }

  /** Prepares the thread for the next request, once. */
  #prepare(): void {
    this.#prepareNext?.();
    this.#prepareNext = undefined;
  }

  async #beginNew(): Promise<void> {
    const { server, turn, tools, signal, expectsRequests } = this.#options;
    const settings = threadSettings(server, turn, tools);
    const warm = server.state.warmThreads.enter(threadKey(settings, tools));
    this.#warm = warm;
    const threadId = (await warm.thread) ?? (await startBareThread(server, settings, signal));
    this.#thread = createThread(server, threadId);
    signal.throwIfAborted();
    const startNext = () => startBareThread(server, settings, NEVER_ABORTED);
    this.#listener = hearBeginning(this.#listener, {
      onStarted() {
        if (expectsRequests()) warm.refillIfAlone(startNext);
      },
      onFirst: () => {
        this.#prepareNext = () => {
          if (expectsRequests()) warm.refill(startNext);
        };
        setImmediate(() => this.#prepare());
      },
    });
    await this.#run(this.#thread, turn.items, []);
  }

  /** Resolves to false if no thread can go on; then nothing was sent to the provider. */
  async #beginContinued(): Promise<boolean> {
    const taken = await this.#continuation?.take();
    if (taken === undefined) return false;
    this.#thread = taken.thread;
    if (await this.#goOn(taken)) return true;
    this.#thread = undefined;
    this.#continuation?.giveUp();
    void taken.thread.release();
    return false;
  }

  async #goOn({ thread, count, callIds }: TakenThread): Promise<boolean> {
    const { server, turn, signal } = this.#options;
    const [held, items] = [turn.items.slice(0, count), turn.items.slice(count)];
    if (callIds.length > 0) {
      const results = items as readonly ToolResultItem[];
      const onResumed = () => {
        signal.throwIfAborted();
        this.#noteAsked();
        this.#start(held, []);
      };
      return await thread.resume({ results, onResumed }, this.#listener);
    }
    try {
      const run = async () => await this.#run(thread, items, held);
      await server.state.intake.run({ ...turn, items }, this.#options, run);
      return true;
    } catch (error) {
      if (this.#hasStarted || !(error instanceof RpcError && error.failure === 'refused')) throw error;
      return false;
    }
  }

  async #run(thread: Thread, items: readonly Item[], held: readonly Item[]): Promise<void> {
    const { turn, tools: names, signal, onQueue } = this.#options;
    const caller = { signal, onQueue };
    const isContinued = held.length > 0;
    const onAsked = () => this.#noteAsked();
    const onInjected = (adjustments: readonly Adjustment[]) => this.#start(held, adjustments);
    await thread.run({ turn, items, isContinued, names, caller, onAsked, onInjected }, this.#listener);
  }

  #noteAsked(): void {
    this.#isAsked = true;
    this.#options.onAsked();
  }

  #start(held: readonly Item[], adjustments: readonly Adjustment[]): void {
    const { tools, onStart } = this.#options;
    this.#hasStarted = true;
    this.#hasOtherImages = adjustments.some(isReEncoded);
    onStart({
      adjustments: [...tools.adjustments, ...detailsOf(held), ...adjustments],
      ...(held.length > 0 && { isContinued: true }),
    });
  }
}

/** Returns undefined for a turn that has no owner, or if no threads are kept. */
function openContinuation(options: ThreadUseOptions): Continuation | undefined {
  const { server, turn, tools, owner, signal } = options;
  const { state } = server;
  const { keptThreads } = state;
  if (keptThreads === undefined || owner === undefined) return undefined;
  const settings = [
    turn.model,
    threadSettings(server, turn, tools).config,
    tools.key ?? tools.specs,
    turnOptions(turn),
    turn.passthroughTools ?? [],
    // A thread keeps its provider, and with it the word for who has caused its turns.
    state.modelProvider(turn.initiator) === state.modelProvider() ? null : turn.initiator,
  ];
  const key = continuationKey(owner, settings);
  return createContinuation({ keptThreads, key, items: turn.items, names: tools, signal });
}

/** Returns the adjustments of images that the thread holds already: each request reports those of its conversation. */
function detailsOf(held: readonly Item[]): Adjustment[] {
  return imagesOf(held).flatMap(compareDetail);
}

interface Beginning {
  onStarted(): void;
  /** Called after the first event of the model. */
  onFirst(): void;
}

/** Reports the beginning of a turn, each part once, after the listener's events are on their way. */
function hearBeginning(listener: TurnListener, { onStarted, onFirst }: Beginning): TurnListener {
  let hasStarted = false;
  let isFirst = true;
  return {
    ...listener,
    onNotifications(batch) {
      listener.onNotifications(batch);
      if (!isFirst) return;
      if (batch.some(isOfModel)) {
        isFirst = false;
        onFirst();
      } else if (!hasStarted && batch.some(({ method }) => method === 'turn/started')) {
        hasStarted = true;
        onStarted();
      }
    },
  };
}

function isOfModel({ method, params }: TurnNotification): boolean {
  return method !== 'turn/started' && 'threadId' in params;
}
