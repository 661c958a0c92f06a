import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable } from 'vscode-jsonrpc/node';
import { isJsonObject, type JsonObject } from '../../base/json.ts';

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

/** A JSON-RPC message that asks for no reply. */
export interface JsonNotification {
  readonly method: string;
  readonly params?: unknown;
}

/** A JSON-RPC message that asks for a reply. */
export interface JsonRequest extends JsonNotification {
  readonly id: string | number | null;
}

export interface NdjsonReaderOptions {
  /** Called with the notifications of one read of the stream, or of a part of it that a request ends. */
  onNotifications(batch: readonly JsonNotification[]): void;
  /** Called with each request, in order with the notifications. Replies go to the reader's listener. */
  onRequest(request: JsonRequest): void;
  /** Returns true for a line that nobody reads, which is not parsed. */
  readonly isUnread?: ((line: string) => boolean) | undefined;
  /** Decides by the beginning of a line how it is read; a line of less than 256 bytes is never skipped or changed. */
  readonly classifyLine?: ((head: string) => LineTreatment) | undefined;
  /** Called with the beginning of a line that is too long, which is skipped. */
  readonly onTooLong?: ((head: string) => void) | undefined;
  readonly maxLineBytes?: number;
}

/**
 * Reads one JSON-RPC message per line. All lines that lie whole in a chunk are decoded together; the bytes of a line that is
 * split over chunks are joined first, so that a character may be split too. A line that is not a JSON object is reported
 * through `onError` and skipped.
 */
export class NdjsonReader extends AbstractMessageReader {
  readonly #stream: Readable;
  readonly #options: NdjsonReaderOptions;
  readonly #maxLineBytes: number;
  #notifications: JsonNotification[] = [];
  #pending: Buffer[] = [];
  /** Bytes of the line so far, including those that are not kept. */
  #lineBytes = 0;
  #keptBytes = 0;
  /** Undefined until enough of the line is there to classify it. */
  #treatment: LineTreatment | undefined;
  #receivedBytes = 0;

  constructor(stream: Readable, options: NdjsonReaderOptions) {
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
    if (this.#lineBytes > 0) {
      const end = chunk.indexOf(NEWLINE);
      this.#keep(end === -1 ? chunk : chunk.subarray(0, end));
      if (end === -1) return;
      this.#endLine(callback);
      start = end + 1;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.#readLines(chunk, start, end, callback);
    this.#keep(chunk.subarray(Math.max(start, end)));
    this.#handOver();
  }

  #handOver(): void {
    if (this.#notifications.length === 0) return;
    const batch = this.#notifications;
    this.#notifications = [];
    this.#options.onNotifications(batch);
  }

  /** Reads lines that lie whole in a chunk, up to the newline of the last one. */
  #readLines(chunk: Buffer, from: number, to: number, callback: DataCallback): void {
    const text = chunk.toString('utf8', from, to);
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      const line = text.slice(start, end);
      if (this.#isParsedWhole(line)) this.#parse(line, callback);
      else {
        this.#keep(Buffer.from(line));
        this.#endLine(callback);
      }
      start = end + 1;
    }
  }

  #isParsedWhole(line: string): boolean {
    if (line.length < HEAD_BYTES) return line.length <= this.#maxLineBytes;
    return this.#treat(line.slice(0, HEAD_BYTES)) === 'parse' && line.length <= this.#maxLineBytes;
  }

  #treat(head: string): LineTreatment {
    return this.#options.classifyLine?.(head) ?? 'parse';
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
    this.#treatment = this.#treat(this.#head());
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

  /** Parses the line whose bytes have been kept. */
  #endLine(callback: DataCallback): void {
    const isSkipped = this.#treatment === 'skip';
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#lineBytes = 0;
    this.#keptBytes = 0;
    this.#treatment = undefined;
    if (!isSkipped) this.#parse(bytes.toString('utf8'), callback);
  }

  #parse(line: string, callback: DataCallback): void {
    if (line.length === 0 || this.#options.isUnread?.(line) === true) return;
    const message = parseObject(line);
    if (message === undefined) {
      const size = Buffer.byteLength(line);
      this.fireError(new Error(`skipped a line of ${size} bytes that is not a JSON-RPC message`));
    } else if (isRequest(message)) {
      this.#handOver();
      this.#options.onRequest(message);
    } else if (isNotification(message)) {
      this.#notifications.push(message);
    } else {
      // The app-server leaves out the field that vscode-jsonrpc's types require.
      callback({ ...message, jsonrpc: '2.0' });
    }
  }
}

function isNotification(message: JsonObject): message is JsonObject & JsonNotification {
  return typeof message.method === 'string';
}

function isRequest(message: JsonObject): message is JsonObject & JsonRequest {
  return message.id !== undefined && isNotification(message);
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
