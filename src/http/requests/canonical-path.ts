/** The part of a path before the id of a model, which may contain slashes. */
const BEFORE_MODEL = /^(?:\/+v1){0,2}\/+models\/+(?=[^/])/i;

/** Paths of the gateway's own, beside those of OpenAI's API, which all begin with `v1`. */
const OWN = ['healthz', 'status'];

/** Azure's prefix of every route. */
const AZURE = /^\/+openai(?=\/|$)/i;

/** Where the path of a route begins behind a deployment, whose name may contain slashes. */
const ROUTES = new Set(['v1', 'chat', 'completions', 'responses', 'conversations', 'models', 'embeddings']);

export interface CanonicalPath {
  readonly path: string;
  /** The deployment of Azure's spelling, which stands for the model where the body names none. */
  readonly deployment?: string;
}

/**
 * Returns the path by which a request is routed. Clients combine base URL and path in their own ways: `v1` may be missing or
 * be there twice, and slashes may be doubled or stand at the end. Clients of Azure put `openai` and a deployment before it.
 */
export function canonicalPath(path: string): CanonicalPath {
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
  const name = withoutLastSlashes(parts.slice(start, end).join('/'));
  return { deployment: decoded(name), route: `/${parts.slice(end).join('/')}` };
}

function withVersion(path: string): string {
  const [beforeModel] = BEFORE_MODEL.exec(path) ?? [];
  if (beforeModel !== undefined) return `/v1/models/${withoutLastSlashes(path.slice(beforeModel.length))}`;
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (first === undefined || OWN.includes(first.toLowerCase())) return `/${parts.join('/')}`;
  if (!isVersion(first)) return `/v1/${parts.join('/')}`;
  return `/${parts.slice(isVersion(second) ? 1 : 0).join('/')}`;
}

function isVersion(part: string | undefined): boolean {
  return part?.toLowerCase() === 'v1';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Loops, because a pattern would take quadratic time for a path full of slashes. */
function withoutLastSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
