import { checkStream } from './stream-checker.ts';

interface Recording {
  readonly includeUsage: boolean | undefined;
  text: string;
  cut: boolean;
}

/**
 * Records, from now on, every streamed chat completion that `fetch` of this process reads. The function that it gives
 * back tells which rules were broken since it was last asked; a stream that is not read to its end counts as cut.
 */
export function recordStreams(): () => string[] {
  const original = globalThis.fetch;
  let recordings: Recording[] = [];
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init);
    if (!isChatStream(response)) return response;
    const recording = { includeUsage: readIncludeUsage(init?.body), text: '', cut: true };
    recordings.push(recording);
    return withBody(response, record(response.body!, recording));
  };
  return () => {
    const violations = recordings.flatMap(({ text, ...facts }) => checkStream(text, facts));
    recordings = [];
    return violations;
  };
}

function isChatStream({ url, headers, body }: Response): boolean {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  return isStream && body !== null && new URL(url).pathname.endsWith('/chat/completions');
}

function readIncludeUsage(body: unknown): boolean | undefined {
  if (typeof body !== 'string') return undefined;
  const request = JSON.parse(body) as { stream_options?: { include_usage?: boolean } | null };
  return request.stream_options?.include_usage ?? false;
}

/** The same response by another body; what is built anew forgets where it came from. */
function withBody(response: Response, body: ReadableStream<Uint8Array>): Response {
  return Object.defineProperty(new Response(body, response), 'url', { value: response.url });
}

/** Passes on what is asked for, when it is asked for: nothing is read ahead, and a cut reaches the other side. */
function record(body: ReadableStream<Uint8Array>, recording: Recording): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        recording.text += decoder.decode(value, { stream: !done });
        recording.cut = !done;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
