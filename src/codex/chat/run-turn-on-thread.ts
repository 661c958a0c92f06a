import { AsyncResource } from 'node:async_hooks';
import { abortable } from '../../base/async/abort.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Item } from '../../conversation/item.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { TurnEnd, TurnEvent } from '../../conversation/turn-event.ts';
import { appServerEnded, codexLost, isLost, type LostTurn, type RpcError } from '../protocol/rpc-error.ts';
import type { TurnCaller, TurnListener } from './continuation/thread-interface.ts';
import type { BareAppServer } from './profile/profile.ts';
import type { EncodedTools } from './encode/encode-tools.ts';
import { createPassthroughTools } from './decode/passthrough-tools.ts';
import { createThreadUse } from './thread-use.ts';
import type { ToolEncoder } from './tool-encoder.ts';
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
  /** Called when the provider may be asked from now on. */
  onAsked(): void;
  /** Returns true if the app-server will serve further requests. */
  expectsRequests(): boolean;
  /** Returns the seconds until another app-server can take over, if this one ends. */
  restartSeconds(): number;
}

/**
 * Runs one turn, on a new thread or on the one that holds the beginning of its conversation. Settles once the thread has been
 * released, or kept for the next request, however the turn ends; its events end before that.
 */
export async function runTurnOnThread(server: BareAppServer, turn: Turn, options: RunOptions): Promise<void> {
  const { events, signal } = options;
  signal.throwIfAborted();
  const tools = await options.tools.encode(turn.passthroughTools ? [] : (turn.tools ?? []), signal);
  const over = Promise.withResolvers<TurnEnd | undefined>();
  // The app-server may end while the turn is still handed over, which fails then itself.
  over.promise.catch(() => {});
  const decoder = decoderFor(server, turn, tools, options);
  const use = createThreadUse({
    ...options,
    server,
    turn,
    tools,
    listener: createListener({ server, decoder, events, onOver: over.resolve, onLost: over.reject }),
    onStart: (start) => void events.push({ type: 'turn-start', ...start }),
  });
  try {
    await use.begin();
    const end = await abortable(over.promise, signal);
    if (end !== undefined) await use.end(end);
  } catch (error) {
    // The provider has not been asked, and the reader has heard nothing: the turn may run again.
    if (!use.hasThread || (isLost(error) && !use.isAsked)) throw error;
    // The reader need not wait until the thread has been released.
    events.fail(isLost(error) ? codexLost(error, lostTurn(options)) : error);
  } finally {
    await use.release();
  }
}

function lostTurn({ restartSeconds }: RunOptions): LostTurn {
  return { mayHaveAsked: true, retryAfter: restartSeconds() };
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
  /** Called when nothing more of the turn is needed, with the end of a turn that has come to it. */
  onOver(end?: TurnEnd): void;
  /** Called when the app-server has ended. */
  onLost(error: RpcError): void;
}

/** Creates the listener for the notifications of one turn. */
function createListener({ server, decoder, events, onOver, onLost }: ListenerOptions): TurnListener {
  // A notification arrives outside of any request; its log line belongs to the request that runs the turn.
  const warnUnreadable = AsyncResource.bind((method: string) =>
    server.observer.observe({ type: 'notification-unreadable', method }),
  );
  let isOver = false;
  function finish(end?: TurnEnd): void {
    isOver = true;
    onOver(end);
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
    const end = decoded.at(-1);
    if (end?.type !== 'turn-end') return;
    events.end();
    finish(end);
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
    onClose: () => onLost(appServerEnded('turn/start')),
    onTooLong: () => fail(new GatewayError('answer_too_large', 'The answer is too long to be read.')),
  };
}
