import type { Writable } from 'node:stream';
import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-jsonrpc/node';

/** Writes one JSON-RPC message a line; a write settles when the pipe has taken the line. */
export class NdjsonWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
    stream.on('error', (error: Error) => this.fireError(error));
    stream.once('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#stream.write(`${formatLine(message)}\n`, (error) => (error ? reject(error) : resolve()));
    await promise;
  }

  end(): void {
    this.#stream.end();
  }
}

/**
 * A lone surrogate anywhere in a line, keys included, gets no reply from the app-server, ever; each becomes U+FFFD.
 * JSON.stringify writes lone surrogates, and nothing else, as `\udXXX`; a backslash of the text itself comes doubled.
 */
export function formatLine(message: object): string {
  const line = JSON.stringify(message);
  if (!line.includes('\\ud')) return line;
  return line.replaceAll(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (escape) => (escape === '\\\\' ? escape : '\uFFFD'));
}
