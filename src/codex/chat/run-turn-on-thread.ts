import { AsyncResource } from 'node:async_hooks';
import { abortable, NEVER_ABORTED } from '../../base/async/abort.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Item } from '../../conversation/item.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { codexEnded } from '../protocol/rpc-error.ts';
import type { TurnCaller } from './profile/intake.ts';
import type { BareAppServer } from './profile/profile.ts';
import type { WarmRequest } from './profile/warm-threads.ts';
import type { EncodedTools } from './encode/encode-tools.ts';
import { createPassthroughTools } from './decode/passthrough-tools.ts';
import type { ToolEncoder } from './tool-encoder.ts';
import { startBareThread, threadKey, threadSettings } from './start-bare-thread.ts';
import { createThread, type Thread, type TurnListener } from './thread.ts';
import type { TurnEventQueue } from './turn-event-queue.ts';
import { createTurnDecoder, type TurnDecoder } from './decode/turn-decoder.ts';
import type { TurnNotification } from './decode/turn-notifications.ts';

export interface RunOptions extends TurnCaller {
  /** Tokens that the model takes; null if unknown. */
  readonly contextLength: number | null;
  /** Name of the environment variable that holds the provider's key. */
  readonly keyVariable?: string | undefined;
  /** Seconds until another attempt, for errors of a provider that names no time. */
  readonly retryAfter: number;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
  readonly events: TurnEventQueue;
  readonly tools: ToolEncoder;
  /** Returns true if the app-server will serve further requests. */
  expectsRequests(): boolean;
}

/**
 * Runs one turn on a thread of its own. Settles once the thread has been released, however the turn ends; its events end
 * before that.
 */
export async function runTurnOnThread(server: BareAppServer, turn: Turn, options: RunOptions): Promise<void> {
  const { events, expectsRequests, signal, onQueue } = options;
  signal.throwIfAborted();
  const tools = await options.tools.encode(turn.passthroughTools ? [] : (turn.tools ?? []), signal);
  const over = Promise.withResolvers<void>();
  const settings = threadSettings(turn, tools);
  let warm: WarmRequest | undefined;
  let thread: Thread | undefined;

  function prepareNext(): void {
    if (expectsRequests()) warm?.refill(() => startBareThread(server, settings, NEVER_ABORTED));
  }

  async function handOver(): Promise<void> {
    warm = server.state.warmThreads.enter(threadKey(settings, tools));
    const threadId = (await warm.thread) ?? (await startBareThread(server, settings, signal));
    thread = createThread(server, threadId);
    signal.throwIfAborted();
    const decoder = decoderFor(server, turn, tools, options);
    const onInjected = (adjustments: readonly Adjustment[]) =>
      void events.push({ type: 'turn-start', adjustments: [...tools.adjustments, ...adjustments] });
    await thread.run(
      { turn, items: turn.items, names: tools, caller: { signal, onQueue }, onInjected },
      // The first event goes on its way before anything else is done.
      onFirstEvent(createListener({ server, decoder, events, onOver: over.resolve }), () =>
        setImmediate(prepareNext),
      ),
    );
  }

  try {
    await server.state.intake.run(turn, { signal, onQueue }, handOver);
    await abortable(over.promise, signal);
  } catch (error) {
    // Without a thread, nothing has been sent: the turn may be tried again.
    if (thread === undefined) throw error;
    // The reader need not wait until the thread has been released.
    events.fail(error);
  } finally {
    await thread?.release();
    warm?.leave();
  }
}

function decoderFor(
  server: BareAppServer,
  turn: Turn,
  { toCallerName }: EncodedTools,
  { contextLength, keyVariable, retryAfter, command }: RunOptions,
): TurnDecoder {
  return createTurnDecoder({
    model: turn.model,
    contextLength,
    signedOut: server.login.type === 'signed-out',
    needsAccount: server.login.type !== 'not-needed',
    keyVariable,
    toCallerName,
    passthrough: createPassthroughTools(turn),
    offersTools: offersTools(turn),
    singleCall: turn.singleCall ?? false,
    webSearch: turn.webSearch !== undefined,
    usedCallIds: turn.items.flatMap(callIdsOf),
    retryAfter,
    command,
    now: () => Date.now() / 1000,
  });
}

/** Calls `onFirst` once, after the listener has heard the first event of the model. */
function onFirstEvent(listener: TurnListener, onFirst: () => void): TurnListener {
  let isFirst = true;
  return {
    ...listener,
    onNotifications(batch) {
      listener.onNotifications(batch);
      if (!isFirst || !batch.some(isOfModel)) return;
      isFirst = false;
      onFirst();
    },
  };
}

function isOfModel({ method, params }: TurnNotification): boolean {
  return method !== 'turn/started' && 'threadId' in params;
}

/** Returns true if the model may call tools. A request that forbids calls comes without tools. */
function offersTools({ tools = [], passthroughTools, webSearch, expectsCalls = false }: Turn): boolean {
  return expectsCalls || tools.length > 0 || passthroughTools !== undefined || webSearch !== undefined;
}

function callIdsOf(item: Item): string[] {
  if (item.type === 'tool-call') return [item.callId];
  return item.type === 'passthrough' && item.callId !== undefined ? [item.callId] : [];
}

interface ListenerOptions {
  readonly server: BareAppServer;
  readonly decoder: TurnDecoder;
  readonly events: TurnEventQueue;
  /** Called when nothing more of the turn is needed. */
  onOver(): void;
}

/** Creates the listener for the notifications of one turn. */
function createListener({ server, decoder, events, onOver }: ListenerOptions): TurnListener {
  // A notification arrives outside of any request; its log line belongs to the request that runs the turn.
  const warnUnreadable = AsyncResource.bind((method: string) =>
    server.observer.observe({ type: 'notification-unreadable', method }),
  );
  let isOver = false;
  function finish(): void {
    isOver = true;
    onOver();
  }
  function fail(error: unknown): void {
    events.fail(error);
    finish();
  }

  /** Decodes into the array until the turn ends. Throws an error that fails the turn. */
  function decode(batch: readonly TurnNotification[], decoded: TurnEvent[]): void {
    for (const notification of batch) {
      const { length } = decoded;
      try {
        decoder.decode(notification, decoded);
        if (decoded.at(-1)?.type === 'turn-end') return;
      } catch (error) {
        decoded.length = length;
        if (error instanceof GatewayError || notification.method === 'turn/completed') throw error;
        // Another Codex version may have renamed a field; the turn goes on without this one.
        warnUnreadable(notification.method);
      }
    }
  }

  function take(batch: readonly TurnNotification[]): void {
    const decoded: TurnEvent[] = [];
    try {
      decode(batch, decoded);
    } finally {
      // A full queue has failed: nobody reads the turn any more.
      if (decoded.length > 0 && !events.pushAll(decoded)) finish();
    }
    if (decoded.at(-1)?.type !== 'turn-end') return;
    events.end();
    finish();
  }

  return {
    onNotifications(batch) {
      if (isOver) return;
      try {
        take(batch);
      } catch (error) {
        fail(error);
      }
    },
    onClose: () => fail(codexEnded()),
    onTooLong: () => fail(new GatewayError('answer_too_large', 'The answer is too long to be read.')),
  };
}
