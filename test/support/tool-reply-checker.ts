import { Ajv2020 } from 'ajv/dist/2020.js';
import { createKbSearch } from '../../src/tools/knowledge/kb-search.ts';
import { createRepoHygiene } from '../../src/tools/hygiene/repo-hygiene.ts';
import { describeToolApi } from '../../src/tools/openapi/describe-tool-api.ts';
import { parseData } from './read-events.ts';

/** The reply to a request for `/tools`. */
export interface ToolReply {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Headers;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** True if it was not read to its end. */
  readonly cut: boolean;
}

/**
 * The rules that replies break, according to what their own servers say about themselves.
 * @param fetch Asks them without a record.
 */
export async function checkToolReplies(
  replies: readonly ToolReply[],
  fetch: typeof globalThis.fetch,
): Promise<string[]> {
  const byOrigin = Map.groupBy(replies, ({ url }) => new URL(url).origin);
  const broken = Array.from(byOrigin, async ([origin, own]) => {
    const check = createDocumentCheck((await readDocument(origin, own, fetch)) ?? usualDocument());
    return own.flatMap((reply) => check(reply).map((problem) => describeReply(reply, problem)));
  });
  return (await Promise.all(broken)).flat();
}

/** Reads the description of a server as one of those who called it; undefined if it has ended, or lets none of them in. */
async function readDocument(
  origin: string,
  replies: readonly ToolReply[],
  fetch: typeof globalThis.fetch,
): Promise<string | undefined> {
  const keys = replies.map(({ requestHeaders }) =>
    (requestHeaders.get('authorization') ?? requestHeaders.get('x-api-key') ?? '').replace(/^bearer +/i, ''),
  );
  for (const key of new Set(keys)) {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${origin}/tools/openapi.json`, { headers }).catch(() => undefined);
    const text = await response?.text();
    if (response?.status === 200) return text;
  }
  return undefined;
}

/** Describes the gateway's own tools, for the replies of servers that cannot be asked any more. */
function usualDocument(): string {
  const tools = [createRepoHygiene(), createKbSearch({ search: async () => [] })];
  return JSON.stringify(describeToolApi(tools));
}

type DocumentCheck = (reply: ToolReply) => string[];

const checks = new Map<string, DocumentCheck>();

/** Returns a check of replies by a description; it is made once for each. */
export function createDocumentCheck(text: string): DocumentCheck {
  const check = checks.get(text) ?? makeCheck(text);
  checks.set(text, check);
  return check;
}

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, object>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
}

interface Operation {
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

function makeCheck(text: string): DocumentCheck {
  const document = JSON.parse(text) as Document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'api');

  function checkBody(pointer: string, reply: ToolReply): string[] {
    if (reply.cut || reply.method === 'HEAD') return [];
    const validate = ajv.getSchema(`api${pointer}`) ?? ajv.compile({ $ref: `api${pointer}` });
    return validate(parseData(reply.text)) ? [] : [ajv.errorsText(validate.errors)];
  }

  function checkAnswer(answer: Answer, pointer: string, reply: ToolReply): string[] {
    const type = reply.headers.get('content-type')?.split(';')[0] ?? 'none';
    if (answer.content[type] === undefined) return [`the content type ${type} is not described`];
    const missing = Object.keys(answer.headers).filter((name) => !reply.headers.has(name));
    const optional = reply.status === 429 ? [] : ['Retry-After'];
    return [
      ...missing
        .filter((name) => !optional.includes(name))
        .map((name) => `the described header ${name} is missing`),
      ...checkBody(`${pointer}/content/${escape(type)}/schema`, reply),
    ];
  }

  return (reply) => {
    const { pathname } = new URL(reply.url);
    const path = pathname.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
    const operations = document.paths[path];
    if (operations === undefined) return checkUnknownPath(reply, pathname, checkBody);
    const method = reply.method === 'HEAD' ? 'get' : reply.method.toLowerCase();
    const name = Object.hasOwn(operations, method) ? method : Object.keys(operations)[0]!;
    // Another method is refused, and nothing else.
    if (name !== method && reply.status < 400) return [`${reply.method} is not described`];
    const answer = operations[name]!.responses[reply.status];
    if (answer === undefined) return ['the status is not described'];
    if (!('$ref' in answer)) {
      return checkAnswer(answer, `#/paths/${escape(path)}/${name}/responses/${reply.status}`, reply);
    }
    return checkAnswer(document.components.responses[answer.$ref.split('/').at(-1)!]!, answer.$ref, reply);
  };
}

/** Checks the refusal of a path that does not exist: its shape is that of all others. */
function checkUnknownPath(
  reply: ToolReply,
  pathname: string,
  checkBody: (pointer: string, reply: ToolReply) => string[],
): string[] {
  if (![400, 401, 403, 404, 429, 503].includes(reply.status)) return ['the path is not described'];
  const isIta = pathname.startsWith('/tools/ita');
  const type = `application/${isIta ? 'json' : 'problem+json'}`;
  if (!reply.headers.get('content-type')?.startsWith(type)) return [`the content type is not ${type}`];
  return checkBody(`#/components/schemas/${isIta ? 'ItaError' : 'Problem'}`, reply);
}

function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function describeReply({ method, url, status }: ToolReply, problem: string): string {
  return `${method} ${new URL(url).pathname} ${status}: ${problem}`;
}
