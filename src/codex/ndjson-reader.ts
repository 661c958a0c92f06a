import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable, type Message } from 'vscode-jsonrpc/node';
import { isJsonObject } from '../base/json.ts';

const NEWLINE = 0x0a;

/** Far above any line the app-server writes: it echoes a request's items, and a request is at most 64 MB by default. */
const MAX_LINE_BYTES = 512 * 1024 * 1024;

/**
 * Reads one JSON-RPC message a line. Lines are cut on bytes and only then decoded, so that a character split over two
 * chunks survives. A line that is not a JSON object is reported through `onError` and skipped.
 */
export class NdjsonReader extends AbstractMessageReader {
  readonly #stream: Readable;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #received = 0;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
  }

  /** Bytes that have come. */
  get received(): number {
    return this.#received;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer) => this.#read(chunk, callback);
    const onClose = () => this.fireClose();
    this.#stream.on('data', onData).once('close', onClose);
    return {
      dispose: () => {
        this.#stream.off('data', onData).off('close', onClose);
      },
    };
  }

  #read(chunk: Buffer, callback: DataCallback): void {
    this.#received += chunk.length;
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#keep(chunk.subarray(start, end));
      this.#emit(callback);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes <= MAX_LINE_BYTES) this.#pending.push(bytes);
    else this.#pending = [];
  }

  #emit(callback: DataCallback): void {
    const size = this.#pendingBytes;
    const line = Buffer.concat(this.#pending).toString('utf8');
    this.#pending = [];
    this.#pendingBytes = 0;
    if (size === 0) return;
    const message = parseMessage(line);
    if (message === undefined)
      this.fireError(new Error(`skipped a line of ${size} bytes that is no JSON-RPC message`));
    else callback(message);
  }
}

/** The app-server leaves out the `jsonrpc` field that vscode-jsonrpc's types ask for. */
function parseMessage(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    return { ...value, jsonrpc: '2.0' };
  } catch {
    return undefined;
  }
}
