import { isAbsent } from './absent.ts';
import type { ResolvedPath } from '../routing/route-group.ts';

/** Matches the part of a path before the id of a model, which may contain slashes. */
const BEFORE_MODEL = /^(?:\/+v1){0,2}\/+models\/+(?=[^/])/i;

/** Matches Azure's prefix of every route. */
const AZURE = /^\/+openai(?=\/|$)/i;

/**
 * First segments of OpenAI's paths, after `/v1` or after the name of a deployment, which may contain slashes. There is no route
 * for `embeddings`, but clients of Azure ask for it.
 */
const ROUTES = new Set(['v1', 'chat', 'completions', 'responses', 'conversations', 'models', 'embeddings']);

/** Returns the path by which a request is routed; undefined for a path that is none of OpenAI's. */
export function resolvePath(path: string): ResolvedPath | undefined {
  const name =
    path
      .split('/')
      .find((part) => part !== '')
      ?.toLowerCase() ?? '';
  const isOpenAi = ROUTES.has(name) || isAbsent(name) || AZURE.test(path);
  return isOpenAi ? canonicalPath(path) : undefined;
}

/**
 * Returns a path in the spelling of the routes. Clients combine base URL and path in different ways: `v1` may be missing or
 * doubled, and slashes may be doubled or trailing. Azure clients put `openai` and a deployment before it.
 */
export function canonicalPath(path: string): ResolvedPath {
  const [prefix] = AZURE.exec(path) ?? [];
  if (prefix === undefined) return { path: withVersion(path) };
  const rest = path.slice(prefix.length);
  const { deployment, route = rest } = splitDeployment(rest);
  return { path: withVersion(route), ...(deployment !== undefined && { deployment }) };
}

/** Splits `/deployments/{name}/chat/completions`. */
function splitDeployment(path: string): { readonly deployment?: string; readonly route?: string } {
  const parts = path.split('/');
  const root = parts.findIndex((part) => part !== '');
  if (parts[root]?.toLowerCase() !== 'deployments') return {};
  const start = parts.findIndex((part, index) => index > root && part !== '');
  const end = parts.findIndex((part, index) => index > start && ROUTES.has(part.toLowerCase()));
  if (start === -1 || end === -1) return {};
  const name = withoutTrailingSlashes(parts.slice(start, end).join('/'));
  return { deployment: decode(name), route: `/${parts.slice(end).join('/')}` };
}

function withVersion(path: string): string {
  const [beforeModel] = BEFORE_MODEL.exec(path) ?? [];
  if (beforeModel !== undefined)
    return `/v1/models/${withoutTrailingSlashes(path.slice(beforeModel.length))}`;
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (first === undefined) return '/';
  if (!isVersion(first)) return `/v1/${parts.join('/')}`;
  return `/${parts.slice(isVersion(second) ? 1 : 0).join('/')}`;
}

function isVersion(part: string | undefined): boolean {
  return part?.toLowerCase() === 'v1';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Loops, because a pattern would take quadratic time for a path full of slashes. */
function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
