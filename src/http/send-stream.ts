import { PassThrough } from 'node:stream';
import { encodeError } from '../openai/error-body.ts';
import { jsonFrame, type SseFrame } from '../openai/sse-frame.ts';
import type { Context } from './context.ts';
import { formatSse, KEEP_ALIVE } from './format-sse.ts';
import { limitStall } from './limit-stall.ts';
import { withKeepAlive } from './with-keep-alive.ts';
import { StalledReaderError, writeText } from './write-text.ts';

export interface StreamOptions {
  readonly frames: AsyncIterable<SseFrame>;
  /** A frame that clients count as data; sent at every fourth keep-alive. */
  heartbeat(): SseFrame;
  /** Milliseconds of silence until a keep-alive. */
  readonly keepAliveInterval: number;
  /** Milliseconds that a client may take to read what was written; then it counts as gone. */
  readonly stallLimit: number;
  /** Hears of a failure after the first byte. */
  onError(error: unknown): void;
}

const BEATS_PER_HEARTBEAT = 4;

/**
 * Answers with server-sent events. The headers wait for the first frame or the first keep-alive: a failure before that
 * throws, and keeps its HTTP status; a later one becomes the last frame.
 */
export async function sendStream(ctx: Context, options: StreamOptions): Promise<void> {
  const { heartbeat, keepAliveInterval: interval } = options;
  const beat = (count: number) => (count % BEATS_PER_HEARTBEAT === 0 ? formatSse(heartbeat()) : KEEP_ALIVE);
  const texts = withKeepAlive(format(options.frames), { interval, beat });
  const first = await texts.next();
  const body = new PassThrough();
  ctx.set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  ctx.body = body;
  const { signal } = ctx.state;
  function end(text?: string) {
    limitStall(ctx.res, options.stallLimit);
    body.end(text);
  }
  void pump(first, texts, (text) => writeText(body, text, signal, options.stallLimit)).then(
    () => end(),
    (error: unknown) => {
      options.onError(error);
      if (error instanceof StalledReaderError) ctx.res.destroy();
      else end(formatSse(jsonFrame(encodeError(error).body)));
    },
  );
}

async function* format(frames: AsyncIterable<SseFrame>): AsyncGenerator<string> {
  for await (const frame of frames) yield formatSse(frame);
}

async function pump(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
  write: (text: string) => Promise<void>,
): Promise<void> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) await write(next.value);
  } finally {
    await rest.return(undefined);
  }
}
