import { PassThrough } from 'node:stream';
import { encodeError } from '../openai/error-body.ts';
import { jsonFrame, type SseFrame } from '../openai/sse-frame.ts';
import type { Context } from './context.ts';
import { formatSse, KEEP_ALIVE } from './format-sse.ts';
import type { KeepAliveTimes } from './keep-alive-times.ts';
import { limitStall } from './limit-stall.ts';
import { withKeepAlive } from './with-keep-alive.ts';
import { StalledReaderError, writeText } from './write-text.ts';

export interface StreamOptions {
  readonly stream: FrameStream;
  readonly keepAlive: Pick<KeepAliveTimes, 'comment' | 'heartbeat'>;
  /** Headers as they are known when the first byte goes out. */
  headers(): Readonly<Record<string, string>>;
  /** Milliseconds that a client may take to read what was written; then it counts as gone. */
  readonly stallLimit: number;
  /** Hears of a failure after the first byte. */
  onError(error: unknown): void;
}

interface FrameStream {
  readonly frames: AsyncIterable<SseFrame>;
  /** A frame that clients count as data; undefined where there is none yet. */
  heartbeat(): SseFrame | undefined;
}

/**
 * Answers with server-sent events. The headers wait for the first frame or the first keep-alive: a failure before that
 * throws, and keeps its HTTP status; a later one becomes the last frame.
 */
export async function sendStream(ctx: Context, options: StreamOptions): Promise<void> {
  const { frames, heartbeat } = options.stream;
  const { comment, heartbeat: pause } = options.keepAlive;
  const interval = Math.min(comment, pause);
  const beats = Math.round(pause / interval);
  const beat = (count: number) => {
    const frame = count % beats === 0 ? heartbeat() : undefined;
    return frame ? formatSse(frame) : KEEP_ALIVE;
  };
  const texts = withKeepAlive(format(frames), { interval, beat });
  const first = await texts.next();
  const body = new PassThrough();
  ctx.set({
    ...options.headers(),
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
