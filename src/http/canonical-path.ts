/** What stands before the id of a model, which may hold slashes of its own. */
const BEFORE_MODEL = /^(?:\/+v1){0,2}\/+models\/+(?=[^/])/i;

/** Paths of the gateway's own, beside those of OpenAI's API, which all begin with `v1`. */
const OWN = ['healthz', 'status'];

/**
 * The path by which a request is routed. Clients put together base URL and path in their own ways: `v1` may be missing or
 * stand there twice, and slashes may be doubled or stand at the end.
 */
export function canonicalPath(path: string): string {
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

/** Not by a pattern, which would take its time for a path full of them. */
function withoutLastSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
