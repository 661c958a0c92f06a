import { injectItems } from './inject-items.ts';
import type { BareAppServer } from './profile/profile.ts';
import { listenToTurn, turnOptions, type RunningTurn } from './running-turn.ts';
import type { ResumedTurn, Thread, ThreadTurn, TurnListener } from './continuation/thread-interface.ts';

/** Takes over a thread that has been started. */
export function createThread(server: BareAppServer, threadId: string): Thread {
  return new AppServerThread(server, threadId);
}

class AppServerThread implements Thread {
  readonly id: string;
  readonly #server: BareAppServer;
  #turn: RunningTurn | undefined;

  constructor(server: BareAppServer, id: string) {
    this.#server = server;
    this.id = id;
  }

  async run(
    { turn, items, isContinued, names, caller, onAsked, onInjected }: ThreadTurn,
    listener: TurnListener,
  ): Promise<void> {
    const { signal } = caller;
    const held = holdBack(listener);
    const options = turnOptions(turn);
    const written = Promise.withResolvers<void>();
    let started: Promise<void> | undefined;
    const start = () => {
      this.#turn?.close();
      this.#turn = listenToTurn(this.#server, this.id, options, held.listener);
      started = this.#turn.start(signal, () => {
        onAsked();
        written.resolve();
      });
      // If the injection fails, that is the error.
      started.catch(() => {});
    };
    const target = {
      server: this.#server,
      threadId: this.id,
      toCodexName: names.toCodexName,
      tools: isContinued ? undefined : turn.passthroughTools,
    };
    const adjustments = await injectItems(target, items, caller, start);
    signal.throwIfAborted();
    if (started === undefined) start();
    // A turn that cannot start says nothing, so that it may run again elsewhere.
    await Promise.race([written.promise, started]);
    onInjected(adjustments);
    held.release();
    await started;
  }

  rest(onGone: () => void): void {
    this.#turn?.rest(onGone);
  }

  async resume(turn: ResumedTurn, listener: TurnListener): Promise<boolean> {
    return (await this.#turn?.resume(turn, listener)) ?? false;
  }

  async release(): Promise<void> {
    const turn = this.#turn;
    turn?.stopListening();
    await turn?.interrupt();
    turn?.close();
    await this.#server.connection.request('thread/unsubscribe', { threadId: this.id }).catch(() => {});
  }
}

/** Returns a listener that keeps what it hears until it is released, and passes everything on from then on. */
function holdBack(listener: TurnListener): { readonly listener: TurnListener; release(): void } {
  let waiting: (() => void)[] | undefined = [];
  return {
    listener: {
      onNotifications(batch) {
        if (waiting) waiting.push(() => listener.onNotifications(batch));
        else listener.onNotifications(batch);
      },
      onClose() {
        if (waiting) waiting.push(listener.onClose);
        else listener.onClose();
      },
      onTooLong() {
        if (waiting) waiting.push(listener.onTooLong);
        else listener.onTooLong();
      },
    },
    release() {
      const calls = waiting ?? [];
      waiting = undefined;
      for (const call of calls) call();
    },
  };
}
