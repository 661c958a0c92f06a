import { abortable, NEVER_ABORTED } from '../../../base/async/abort.ts';
import type { HttpClient } from './http-client.ts';
import { readJson } from './read-json.ts';
import { defaultBase, githubUrls, parseBase, type CopilotUrls } from './urls.ts';

/** A token, with the base URL that GitHub gave with it. */
interface EndpointOwner {
  readonly bearer: string;
  readonly endpoint?: string | undefined;
}

export interface Endpoints {
  /** Resolves to the URL to which a request with this token goes. */
  locate(path: 'responses' | 'models', owner: EndpointOwner, signal: AbortSignal): Promise<string>;
  /** Returns the URL of the latest request, or of one that GitHub says nothing about; asks no one. */
  known(path: 'responses' | 'models'): string;
}

export interface EndpointsOptions {
  readonly http: HttpClient;
  readonly urls: CopilotUrls;
  /** Name of this program, without which GitHub refuses requests. */
  readonly userAgent: string;
  readonly headersTimeoutMs: number;
}

/** Maximum milliseconds of a question to GitHub, for which a request waits. */
const MAX_QUESTION_MS = 10_000;
/** Milliseconds after which GitHub is asked again, if it could not be reached. */
const RETRY_MS = 60_000;
/** Maximum tokens whose base URL is remembered. */
const MAX_REMEMBERED = 100;
const MAX_ANSWER_BYTES = 65_536;
const QUERY = 'query { viewer { copilotEndpoints { api } } }';

/** Finds where Copilot's API is, for each token. */
export function createEndpoints({ http, urls, userAgent, headersTimeoutMs }: EndpointsOptions): Endpoints {
  const answers = new Map<string, Promise<Answer>>();
  let latest: string | undefined;
  const timeoutMs = Math.min(headersTimeoutMs, MAX_QUESTION_MS);

  async function ask(bearer: string): Promise<Answer> {
    try {
      const answer = await http.send({
        method: 'POST',
        url: githubUrls(urls).graphql,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': userAgent,
        },
        body: JSON.stringify({ query: QUERY }),
        signal: NEVER_ABORTED,
        headersTimeoutMs: timeoutMs,
        idleTimeoutMs: timeoutMs,
      });
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      return { base: baseIn(await readJson(answer.body, MAX_ANSWER_BYTES)), untilMs: Infinity };
    } catch {
      return { base: undefined, untilMs: Date.now() + RETRY_MS };
    }
  }

  /** Asks once for a token, however many requests want to know. */
  async function discover(bearer: string): Promise<string | undefined> {
    const held = answers.get(bearer);
    if (held !== undefined) {
      const answer = await held;
      if (answer.untilMs > Date.now()) return answer.base;
    }
    // Another request may have asked again in the meantime.
    if (answers.get(bearer) === held) {
      answers.delete(bearer);
      answers.set(bearer, ask(bearer));
      for (const oldest of answers.keys()) {
        if (answers.size <= MAX_REMEMBERED) break;
        answers.delete(oldest);
      }
    }
    return (await answers.get(bearer))?.base;
  }

  return {
    async locate(path, { bearer, endpoint }, signal) {
      const fixed = urls[path] ?? join(urls.base, path);
      if (fixed !== undefined) return fixed;
      const found =
        parseBase(endpoint) ??
        (isCopilotToken(bearer) ? undefined : await abortable(discover(bearer), signal));
      latest = found ?? defaultBase(urls);
      return `${latest}/${path}`;
    },
    known: (path) => urls[path] ?? join(urls.base, path) ?? `${latest ?? defaultBase(urls)}/${path}`,
  };
}

interface Answer {
  readonly base: string | undefined;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

function join(base: string | undefined, path: string): string | undefined {
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}/${path}`;
}

/** Returns true for Copilot's own tokens (`k=v;…`), which GitHub's API does not accept. */
function isCopilotToken(bearer: string): boolean {
  return /^\w+=[^;]*;/.test(bearer);
}

function baseIn(answer: unknown): string | undefined {
  const { data } = (answer ?? {}) as { data?: { viewer?: { copilotEndpoints?: { api?: unknown } } } };
  return parseBase(data?.viewer?.copilotEndpoints?.api);
}
