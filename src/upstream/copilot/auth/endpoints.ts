import { abortable, NEVER_ABORTED } from '../../../base/async/abort.ts';
import { defaultBase, githubUrls, parseBase } from '../transport/urls.ts';
import { askGithub, isRateLimited, type GithubAccess } from './ask-github.ts';
import { tokenKind } from './token-kinds.ts';

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

/** Maximum milliseconds until the beginning of an answer of GitHub, for which a request waits. */
const MAX_WAIT_MS = 10_000;
/** Milliseconds after which GitHub is asked again, if it could not answer. */
const RETRY_MS = 60_000;
/** Maximum tokens whose base URL is remembered. */
const MAX_REMEMBERED = 100;
const QUERY = 'query { viewer { copilotEndpoints { api } } }';

/** Finds where Copilot's API is, for each token. */
export function createEndpoints(access: GithubAccess): Endpoints {
  const { urls } = access;
  const headersTimeoutMs = Math.min(access.headersTimeoutMs, MAX_WAIT_MS);
  const answers = new Map<string, Promise<Answer>>();
  let latest: string | undefined;

  async function ask(bearer: string): Promise<Answer> {
    const question = {
      url: githubUrls(urls).graphql,
      authorization: `Bearer ${bearer}`,
      body: { query: QUERY },
    };
    const answer = await askGithub({ ...access, headersTimeoutMs }, question, NEVER_ABORTED).catch(() => {});
    const isFinal = answer !== undefined && answer.status < 500 && !isRateLimited(answer);
    return isFinal
      ? { base: baseIn(answer.body), untilMs: Infinity }
      : { base: undefined, untilMs: Date.now() + RETRY_MS };
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
        (tokenKind(bearer) === 'copilot' ? undefined : await abortable(discover(bearer), signal));
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

function baseIn(answer: unknown): string | undefined {
  const { data } = (answer ?? {}) as { data?: { viewer?: { copilotEndpoints?: { api?: unknown } } } };
  return parseBase(data?.viewer?.copilotEndpoints?.api);
}
