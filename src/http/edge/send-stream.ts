import { PassThrough } from 'node:stream';
import { jsonFrame, type SseFrame, type FrameStream } from '../../openai/vocabulary/sse-frame.ts';
import type { Context } from '../requests/context.ts';
import { formatSse, KEEP_ALIVE } from './format-sse.ts';
import { withKeepAlive, type KeepAliveTimes } from './keep-alive.ts';
import { closeWhenStalled, StalledReaderError, writeText } from './write-text.ts';

export interface StreamOptions {
  readonly stream: FrameStream;
  readonly keepAlive: Pick<KeepAliveTimes, 'commentMs' | 'heartbeatMs'>;
  /**
   * Settles when keep-alives may begin; without it, they may begin at once. An answer that waits in the queue may still be
   * refused, and a keep-alive would fix its status at 200.
   */
  readonly admitted?: Promise<void>;
  /** Returns the headers known when the first byte is sent. */
  headers(): Readonly<Record<string, string>>;
  /** Time for which a client may read nothing; after that it counts as gone. */
  readonly stallLimitMs: number;
  /** Called with a failure that comes after the first byte. */
  onError(error: unknown): void;
}

/**
 * Answers with server-sent events. The headers wait for the first frame or keep-alive, unless the stream opens at once. A
 * failure before that is thrown and keeps its HTTP status; a later one becomes the last frame.
 */
export async function sendStream(ctx: Context, options: StreamOptions): Promise<void> {
  const { stream, stallLimitMs } = options;
  const texts = encodeTexts(options);
  const first = stream.opensAtOnce ? undefined : await texts.next();
  const body = new PassThrough();
  ctx.set({
    ...options.headers(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  ctx.body = body;
  if (stream.opensAtOnce) ctx.flushHeaders();
  const { signal, encodeError } = ctx.state;
  function end(text?: string) {
    closeWhenStalled(ctx.res, stallLimitMs);
    body.end(text);
  }
  void pump(first, texts, (text) => writeText(body, text, signal, stallLimitMs)).then(
    () => end(),
    (error: unknown) => {
      options.onError(error);
      if (error instanceof StalledReaderError) ctx.res.destroy();
      else end(formatSse(jsonFrame(encodeError(error).body)));
    },
  );
}

/** Returns the frames as text, with comments and heartbeats while there are none. */
function encodeTexts({ stream, keepAlive, admitted }: StreamOptions): AsyncGenerator<string> {
  const { frames, heartbeat, beginsWithHeartbeat = false } = stream;
  const { commentMs, heartbeatMs } = keepAlive;
  const intervalMs = Math.min(commentMs, heartbeatMs);
  const commentsPerHeartbeat = Math.round(heartbeatMs / intervalMs);
  let isFirst = beginsWithHeartbeat;
  const beat = (count: number) => {
    const beats = isFirst || count % commentsPerHeartbeat === 0 ? heartbeat() : [];
    isFirst = false;
    return beats.length > 0 ? beats.map(formatSse).join('') : KEEP_ALIVE;
  };
  return withKeepAlive(formatAll(frames), { intervalMs, beat, from: admitted });
}

async function* formatAll(batches: AsyncIterable<readonly SseFrame[]>): AsyncGenerator<string> {
  for await (const frames of batches) yield frames.map(formatSse).join('');
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
