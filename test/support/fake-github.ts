import { json } from 'node:stream/consumers';
import { startHttpServer } from './start-http-server.ts';

interface FakePull {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body: string;
  readonly head: { readonly ref: string; readonly repo: { readonly full_name: string } };
  readonly base: { readonly ref: string };
}

interface FakeRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

/**
 * An answer in place of the usual one; `lost` does the work and then closes the connection, `late` does it and never answers, `deaf`
 * does nothing.
 */
export type FakeAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'lost'
  | 'late'
  | 'deaf';

/** Serves the part of GitHub's REST API that pull requests need, until the running test ends. */
export async function startFakeGitHub() {
  const pulls: FakePull[] = [];
  const requests: FakeRequest[] = [];
  const labels = new Map<number, readonly string[]>();
  const answers = new Map<string, FakeAnswer>();
  let onAnswer: (() => void) | undefined;

  function answerTo(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>) {
    const [, repo = '', rest] = /^\/api\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
    if (rest === 'pulls' && method === 'GET') {
      const found = pulls.filter(
        ({ head, base }) =>
          `${repo.split('/')[0]}:${head.ref}` === query.get('head') && base.ref === query.get('base'),
      );
      return { status: 200, body: found };
    }
    if (rest === 'pulls') {
      const number = pulls.length + 1;
      const pull = {
        number,
        html_url: `https://github.example/${repo}/pull/${number}`,
        title: String(body.title),
        body: String(body.body),
        head: { ref: String(body.head), repo: { full_name: repo } },
        base: { ref: String(body.base) },
      };
      pulls.push(pull);
      return { status: 201, body: pull };
    }
    const [, number] = /^issues\/(\d+)\/labels$/.exec(rest ?? '') ?? [];
    if (number === undefined) return { status: 404, body: { message: 'Not Found' } };
    labels.set(Number(number), body.labels as string[]);
    return { status: 200, body: [] };
  }

  const { origin } = await startHttpServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, authorization: headers.authorization });
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const scripted = answers.get(`${method} ${pathname.split('/').at(-1)}`);
    if (typeof scripted === 'object') {
      const { status, headers: own = {}, body } = scripted;
      response.writeHead(status, own).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
      return;
    }
    const body = method === 'POST' ? ((await json(request)) as Record<string, unknown>) : {};
    const answer =
      scripted === 'deaf' ? { status: 0, body: {} } : answerTo(method, pathname, searchParams, body);
    onAnswer?.();
    if (scripted === 'lost') request.socket.destroy();
    else if (scripted === undefined) response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });

  return {
    apiUrl: `${origin}/api`,
    pulls,
    requests,
    labels,
    /** Answers to requests of a method to the last part of a path, as in `POST pulls`. */
    answers,
    /** Resolves when the work of the next request is done. */
    nextAnswer: async () => await new Promise<void>((resolve) => (onAnswer = resolve)),
  };
}
