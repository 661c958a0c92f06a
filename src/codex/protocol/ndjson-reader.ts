import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable, type Message } from 'vscode-jsonrpc/node';
import { isJsonObject } from '../../base/json.ts';
import { createAbbreviator, type Abbreviator } from './abbreviate.ts';

const NEWLINE = 0x0a;

/** Bytes of a line by which it is judged. */
const HEAD = 256;

/** Far above any line that is read, and below the longest string that V8 makes, of some 512 million characters. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** Treatment of a line: it is read, read with its long texts shortened, or passed over. */
export type Reading = 'whole' | 'abbreviated' | 'unread';

export interface NdjsonReaderOptions {
  /** Decides by the beginning of a line of some length; by default all is read whole. */
  judge?(head: string): Reading;
  /** Hears of the beginning of a line that is too long, which is passed over. */
  onTooLong?(head: string): void;
  readonly maxLineBytes?: number;
}

/**
 * Reads one JSON-RPC message a line. Lines are cut on bytes and only then decoded, so that a character split over two
 * chunks survives. A line that is not a JSON object is reported through `onError` and skipped.
 */
export class NdjsonReader extends AbstractMessageReader {
  readonly #stream: Readable;
  readonly #options: NdjsonReaderOptions;
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  /** Bytes of the line, including those that are not kept. */
  #lineBytes = 0;
  #keptBytes = 0;
  /** Undefined until enough of the line is there to judge it. */
  #reading: Reading | undefined;
  #abbreviator: Abbreviator | undefined;
  #received = 0;

  constructor(stream: Readable, options: NdjsonReaderOptions = {}) {
    super();
    this.#stream = stream;
    this.#options = options;
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
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
    this.#lineBytes += bytes.length;
    if (this.#reading === 'unread') return;
    this.#add(bytes);
    if (this.#reading === undefined && this.#lineBytes >= HEAD) this.#judge();
    if (this.#keptBytes <= this.#maxLineBytes) return;
    const head = this.#head();
    this.#skip();
    this.fireError(new Error(`skipped a line of over ${this.#maxLineBytes} bytes`));
    this.#options.onTooLong?.(head);
  }

  #judge(): void {
    this.#reading = this.#options.judge?.(this.#head()) ?? 'whole';
    if (this.#reading === 'unread') this.#skip();
    if (this.#reading !== 'abbreviated') return;
    const soFar = this.#pending;
    this.#abbreviator = createAbbreviator();
    this.#pending = [];
    this.#keptBytes = 0;
    for (const bytes of soFar) this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    for (const kept of this.#abbreviator?.add(bytes) ?? [bytes]) {
      this.#pending.push(kept);
      this.#keptBytes += kept.length;
    }
  }

  #skip(): void {
    this.#reading = 'unread';
    this.#pending = [];
    this.#keptBytes = 0;
  }

  #head(): string {
    const parts = this.#pending.slice(0, HEAD).map((bytes) => bytes.subarray(0, HEAD));
    return Buffer.concat(parts).subarray(0, HEAD).toString('latin1');
  }

  #emit(callback: DataCallback): void {
    const size = this.#lineBytes;
    const isUnread = this.#reading === 'unread';
    const pending = this.#pending;
    this.#pending = [];
    this.#lineBytes = 0;
    this.#keptBytes = 0;
    this.#reading = undefined;
    this.#abbreviator = undefined;
    if (size === 0 || isUnread) return;
    const message = parseMessage(Buffer.concat(pending).toString('utf8'));
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
