import { checkReply, isWatched, type Reply } from './reply-checker.ts';
import type { ToolReply } from './tool-reply-checker.ts';

type Recording = { -readonly [K in keyof (Reply & ToolReply)]: (Reply & ToolReply)[K] };

/**
 * Records, from now on, what `fetch` of this process reads of the public contracts. The function that it gives back
 * tells which rules were broken since it was last asked; a body that is not read to its end counts as cut.
 */
export function recordReplies(): () => Promise<string[]> {
  const original = globalThis.fetch;
  let recordings: Recording[] = [];
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init);
    const contentType = response.headers.get('content-type');
    if (response.body === null || contentType === null || !isRecorded(response.url)) return response;
    const recording: Recording = {
      method: init?.method ?? (input instanceof Request ? input.method : 'GET'),
      url: response.url,
      requestHeaders: new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined)),
      status: response.status,
      headers: response.headers,
      contentType,
      body: typeof init?.body === 'string' ? init.body : undefined,
      text: '',
      cut: true,
    };
    recordings.push(recording);
    return withBody(response, record(response.body, recording));
  };
  return async () => {
    const read = recordings;
    recordings = [];
    const ofTools = read.filter(({ url }) => isToolUrl(url));
    const others = read.filter(({ url }) => !isToolUrl(url));
    return [...(await Promise.all(others.map(checkReply))).flat(), ...(await checkTools(ofTools, original))];
  };
}

/** Loads the checks only for tests that use the tools. */
async function checkTools(replies: readonly ToolReply[], fetch: typeof globalThis.fetch): Promise<string[]> {
  if (replies.length === 0) return [];
  const { checkToolReplies } = await import('./tool-reply-checker.ts');
  return await checkToolReplies(replies, fetch);
}

/** Returns true if `openapi.json` of the internal tools speaks of a URL. */
function isToolUrl(url: string): boolean {
  return /^\/+tools\/+(?:v1|ita|openapi\.json)(?:\/|$)/.test(new URL(url).pathname);
}

function isRecorded(url: string): boolean {
  return isToolUrl(url) || isWatched(url);
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
