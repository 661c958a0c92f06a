import type { Writable } from 'node:stream';
import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-jsonrpc/node';
import { createPace } from '../../base/async/pace.ts';
import { formatLine, formatShortLine } from './format-line.ts';

/** Most pieces that wait for the pipe: enough to keep it busy while everything else gets its turn. */
const MAX_PIECES_AHEAD = 16;

/** Lines that leave in one write. */
interface Batch {
  text: string;
  readonly messages: Message[];
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Writes JSON-RPC messages in order, one line each; a write settles when the pipe has taken the line. Short lines of the same
 * tick leave together at its end. A long line is formatted and written in pieces, and other work runs between them.
 */
export class NdjsonWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;
  readonly #onWritten: (message: Message) => void;
  /** The short lines of this tick. */
  #batch: Batch | undefined;
  /** Settles when the last of the lines that are written in pieces has been written; undefined if there is none. */
  #queue: Promise<void> | undefined;

  /** @param onWritten Called once the whole line of a message is on its way: from then on, the reader may have seen it. */
  constructor(stream: Writable, onWritten: (message: Message) => void = () => {}) {
    super();
    this.#stream = stream;
    this.#onWritten = onWritten;
    stream.on('error', (error: Error) => this.fireError(error));
    stream.once('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    // No line overtakes one that is still being written.
    const line = this.#queue === undefined ? formatShortLine(message) : undefined;
    await (line === undefined ? this.#writeInTurn(message) : this.#addToBatch(message, line));
  }

  #addToBatch(message: Message, line: string): Promise<void> {
    if (this.#batch === undefined) {
      this.#batch = { text: '', messages: [], written: Promise.withResolvers() };
      // After all that the promises of this tick still lead to.
      process.nextTick(() => this.#flush());
    }
    this.#batch.text += line;
    this.#batch.messages.push(message);
    return this.#batch.written.promise;
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch === undefined) return;
    this.#put(batch.text).then(batch.written.resolve, batch.written.reject);
    this.#report(batch.messages);
  }

  /** Reports lines that were handed to the pipe, unless that has refused them at once: then its reader has gone. */
  #report(messages: readonly Message[]): void {
    if (this.#stream.errored || this.#stream.destroyed) return;
    for (const message of messages) this.#onWritten(message);
  }

  async #writeInTurn(message: Message): Promise<void> {
    this.#flush();
    const line = (this.#queue ?? Promise.resolve()).then(async () => await this.#writeInPieces(message));
    // A line that fails does not block the next one.
    const queue = line.catch(() => {});
    this.#queue = queue;
    await queue;
    if (this.#queue === queue) this.#queue = undefined;
    await line;
  }

  async #writeInPieces(message: Message): Promise<void> {
    const pace = createPace();
    const ahead: Promise<void>[] = [];
    for (const piece of formatLine(message)) {
      ahead.push(this.#put(piece));
      if (ahead.length > MAX_PIECES_AHEAD) await ahead.shift();
      await pace();
    }
    this.#report([message]);
    await Promise.all(ahead);
  }

  #put(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    // A rejection may come before anybody waits for this promise.
    promise.catch(() => {});
    return promise;
  }

  end(): void {
    this.#flush();
    this.#stream.end();
  }
}
