import { jsonFrame, type SseFrame, type FrameStream } from '../../openai/vocabulary/sse-frame.ts';
import type { Context } from '../requests/context.ts';
import { formatSse, KEEP_ALIVE } from './format-sse.ts';
import { withKeepAlive, type KeepAliveTimes, type KeptAlive } from './keep-alive.ts';
import { StalledReaderError, writeText } from './write-text.ts';

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
  const { stream, headers, stallLimitMs, onError } = options;
  const batches = keepAlive(options);
  const first = stream.opensAtOnce ? undefined : await batches.next();
  ctx.set({
    ...headers(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  ctx.status = 200;
  // The frames are written to the response itself: a stream between them would take as long for each as writing it does.
  ctx.respond = false;
  const { res: response } = ctx;
  const { signal, encodeError } = ctx.state;
  if (stream.opensAtOnce) response.flushHeaders();
  if (ctx.method === 'HEAD') {
    await batches.return();
    response.end();
    return;
  }
  const write = (frames: Batch) => writeText(response, formatBatch(frames), signal, stallLimitMs);
  const firstWritten = first?.done === false ? write(first.value) : undefined;
  void writeRest(firstWritten, batches, write).then(
    () => response.end(),
    (error: unknown) => {
      onError(error);
      if (error instanceof StalledReaderError) response.destroy();
      else response.end(formatSse(jsonFrame(encodeError(error).body)));
    },
  );
}

async function writeRest(
  firstWritten: Promise<void> | undefined,
  batches: KeptAlive<Batch>,
  write: (frames: Batch) => Promise<void>,
): Promise<void> {
  try {
    await firstWritten;
    for await (const frames of batches) await write(frames);
  } finally {
    await batches.return();
  }
}

/** Frames that are sent together; none for a keep-alive that is only a comment. */
type Batch = readonly SseFrame[];

function formatBatch(frames: Batch): string {
  return frames.length > 0 ? frames.map(formatSse).join('') : KEEP_ALIVE;
}

/** Returns the frames, with comments and heartbeats while there are none. */
function keepAlive({
  stream,
  keepAlive: { commentMs, heartbeatMs },
  admitted,
}: StreamOptions): KeptAlive<Batch> {
  const { frames, heartbeat, beginsWithHeartbeat = false } = stream;
  const intervalMs = Math.min(commentMs, heartbeatMs);
  const commentsPerHeartbeat = Math.round(heartbeatMs / intervalMs);
  let isFirst = beginsWithHeartbeat;
  const beat = (count: number) => {
    const isHeartbeat = isFirst || count % commentsPerHeartbeat === 0;
    isFirst = false;
    return isHeartbeat ? heartbeat() : [];
  };
  return withKeepAlive(frames, { intervalMs, beat, from: admitted });
}
