import type { Writable } from 'node:stream';
import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-jsonrpc/node';
import { createPace } from '../../base/async/pace.ts';
import { formatLine } from './format-line.ts';

/** Most pieces that wait for the pipe: enough to keep it busy while everything else gets its turn. */
const MAX_PIECES_AHEAD = 16;

/**
 * Writes JSON-RPC messages one after another, one line each; a write settles when the pipe has taken the line. A long line is
 * formatted and written in pieces, and other work runs between them.
 */
export class NdjsonWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;
  #last: Promise<void> = Promise.resolve();

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
    stream.on('error', (error: Error) => this.fireError(error));
    stream.once('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    const line = this.#last.then(async () => await this.#writeLine(message));
    // A line that fails does not block the next one.
    this.#last = line.catch(() => {});
    await line;
  }

  async #writeLine(message: Message): Promise<void> {
    const pace = createPace();
    const ahead: Promise<void>[] = [];
    for (const piece of formatLine(message)) {
      ahead.push(this.#put(piece));
      if (ahead.length > MAX_PIECES_AHEAD) await ahead.shift();
      await pace();
    }
    await Promise.all(ahead);
  }

  #put(piece: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#stream.write(piece, (error) => (error ? reject(error) : resolve()));
    // A rejection is handled in `#writeLine`, which may be waiting for another piece.
    promise.catch(() => {});
    return promise;
  }

  end(): void {
    this.#stream.end();
  }
}
