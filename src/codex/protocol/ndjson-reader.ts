import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable, type Message } from 'vscode-jsonrpc/node';
import { isJsonObject } from '../../base/json.ts';

const NEWLINE = 0x0a;

/** Bytes of a line by which it is classified. */
const HEAD_BYTES = 256;

/** Far above any line that is parsed, and below V8's longest string of some 512 million characters. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** Changes a line as its bytes arrive, so that nobody has to hold all of them. */
export interface LineFilter {
  /** Takes the next bytes of the line; returns the bytes that are kept. */
  add(bytes: Buffer): Buffer[];
}

/** A line is parsed as it is, parsed after a filter, or skipped. */
export type LineTreatment = 'parse' | 'skip' | LineFilter;

export interface NdjsonReaderOptions {
  /** Decides by the beginning of a line how it is read; a line of less than 256 bytes is always parsed. */
  readonly classifyLine?: ((head: string) => LineTreatment) | undefined;
  /** Called with the beginning of a line that is too long, which is skipped. */
  readonly onTooLong?: ((head: string) => void) | undefined;
  readonly maxLineBytes?: number;
}

/**
 * Reads one JSON-RPC message per line. Lines are split as bytes and decoded afterwards, so that a character may be split over
 * two chunks. A line that is not a JSON object is reported through `onError` and skipped.
 */
export class NdjsonReader extends AbstractMessageReader {
  readonly #stream: Readable;
  readonly #options: NdjsonReaderOptions;
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  /** Bytes of the line so far, including those that are not kept. */
  #lineBytes = 0;
  #keptBytes = 0;
  /** Undefined until enough of the line is there to classify it. */
  #treatment: LineTreatment | undefined;
  #receivedBytes = 0;

  constructor(stream: Readable, options: NdjsonReaderOptions = {}) {
    super();
    this.#stream = stream;
    this.#options = options;
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
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
    this.#receivedBytes += chunk.length;
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
    if (this.#treatment === 'skip') return;
    this.#add(bytes);
    if (this.#treatment === undefined && this.#lineBytes >= HEAD_BYTES) this.#classify();
    if (this.#keptBytes <= this.#maxLineBytes) return;
    const head = this.#head();
    this.#skip();
    this.fireError(new Error(`skipped a line of over ${this.#maxLineBytes} bytes`));
    this.#options.onTooLong?.(head);
  }

  #classify(): void {
    this.#treatment = this.#options.classifyLine?.(this.#head()) ?? 'parse';
    if (this.#treatment === 'skip') this.#skip();
    if (typeof this.#treatment === 'string') return;
    const soFar = this.#pending;
    this.#pending = [];
    this.#keptBytes = 0;
    for (const bytes of soFar) this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    const filter = typeof this.#treatment === 'object' ? this.#treatment : undefined;
    for (const kept of filter?.add(bytes) ?? [bytes]) {
      this.#pending.push(kept);
      this.#keptBytes += kept.length;
    }
  }

  #skip(): void {
    this.#treatment = 'skip';
    this.#pending = [];
    this.#keptBytes = 0;
  }

  #head(): string {
    const parts = this.#pending.slice(0, HEAD_BYTES).map((bytes) => bytes.subarray(0, HEAD_BYTES));
    return Buffer.concat(parts).subarray(0, HEAD_BYTES).toString('latin1');
  }

  #emit(callback: DataCallback): void {
    const size = this.#lineBytes;
    const isSkipped = this.#treatment === 'skip';
    const pending = this.#pending;
    this.#pending = [];
    this.#lineBytes = 0;
    this.#keptBytes = 0;
    this.#treatment = undefined;
    if (size === 0 || isSkipped) return;
    const message = parseMessage(Buffer.concat(pending).toString('utf8'));
    if (message === undefined)
      this.fireError(new Error(`skipped a line of ${size} bytes that is not a JSON-RPC message`));
    else callback(message);
  }
}

/** Adds the `jsonrpc` field, which the app-server leaves out and vscode-jsonrpc's types require. */
function parseMessage(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    return { ...value, jsonrpc: '2.0' };
  } catch {
    return undefined;
  }
}
