import { PassThrough } from 'node:stream';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { FrameStream } from '../../openai/vocabulary/frame-stream.ts';
import { jsonFrame, type SseFrame } from '../../openai/vocabulary/sse-frame.ts';
import type { Context } from '../requests/context.ts';
import { formatSse, KEEP_ALIVE } from './format-sse.ts';
import type { KeepAliveTimes } from './keep-alive-times.ts';
import { limitStall } from './limit-stall.ts';
import { withKeepAlive } from './with-keep-alive.ts';
import { StalledReaderError, writeText } from './write-text.ts';

export interface StreamOptions {
  readonly stream: FrameStream;
  readonly keepAlive: Pick<KeepAliveTimes, 'comment' | 'heartbeat'>;
  /**
   * Settles when there is something to keep alive; there is from the start where it is absent. An answer that waits for a
   * place may still be refused, and a sign of life would make its status a 200.
   */
  readonly placed?: Promise<void>;
  /** Headers as they are known when the first byte goes out. */
  headers(): Readonly<Record<string, string>>;
  /** Milliseconds that a client may take to read what was written; then it counts as gone. */
  readonly stallLimit: number;
  /** Hears of a failure after the first byte. */
  onError(error: unknown): void;
}

/**
 * Answers with server-sent events. The headers wait for the first frame or the first keep-alive, unless the stream
 * opens at once: a failure before that throws, and keeps its HTTP status; a later one becomes the last frame.
 */
export async function sendStream(ctx: Context, options: StreamOptions): Promise<void> {
  const { frames, heartbeat, beginsWithHeartbeat = false, opensAtOnce = false } = options.stream;
  const { comment, heartbeat: pause } = options.keepAlive;
  const interval = Math.min(comment, pause);
  const beats = Math.round(pause / interval);
  let silent = beginsWithHeartbeat;
  const beat = (count: number) => {
    const due = silent || count % beats === 0 ? heartbeat() : [];
    silent = false;
    return due.length > 0 ? due.map(formatSse).join('') : KEEP_ALIVE;
  };
  const texts = withKeepAlive(format(frames), { interval, beat, from: options.placed });
  const first = opensAtOnce ? undefined : await texts.next();
  const body = new PassThrough();
  ctx.set({
    ...options.headers(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  ctx.body = body;
  if (opensAtOnce) ctx.flushHeaders();
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
  first: IteratorResult<string> | undefined,
  rest: AsyncGenerator<string>,
  write: (text: string) => Promise<void>,
): Promise<void> {
  try {
    let next = first ?? (await rest.next());
    for (; next.done !== true; next = await rest.next()) await write(next.value);
  } finally {
    await rest.return(undefined);
  }
}
