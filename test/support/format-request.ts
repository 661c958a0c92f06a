import type { UpstreamRequest } from './upstream.ts';

/** Headers that depend on the machine, the connection or a version. */
const VARYING_HEADERS = new Set(['host', 'content-length', 'connection', 'user-agent']);

/** Characters of a line that may hold a whole object or array. */
const LINE_LENGTH = 120;

/** A request as readable text. */
export interface FormattedRequest {
  /** Without the metadata of Codex. */
  readonly body: string;
  /** The headers, and the metadata of Codex in the body, which is the same in every request. */
  readonly envelope: string;
}

/**
 * Returns text that differs whenever a byte of the body differs: only line breaks and indentation are added between the
 * tokens, and only random values are replaced, equal ones equally. Codex writes the members of its metadata in a new order
 * each time, so they are sorted. Values in `known`, which is what the client sent, are not random.
 */
export function formatRequest({ text, body, headers }: UpstreamRequest, known: string): FormattedRequest {
  const { metadata, rest } = takeMetadata(readJson(text));
  const shown = Object.entries(headers)
    .filter(([name]) => !VARYING_HEADERS.has(name))
    .toSorted(byKey)
    .map(([name, value]) => ({ key: `${JSON.stringify(name)}:`, value: JSON.stringify(value) }));
  const envelope = format({
    open: '{',
    members: [
      { key: '"prompt_cache_key":', value: JSON.stringify(body.prompt_cache_key) },
      { key: METADATA, value: metadata },
      { key: '"headers":', value: { open: '{', members: shown } },
    ],
  });
  const { effort } = (body.reasoning ?? {}) as { readonly effort?: string };
  const own = [
    `"model":"${body.model}"`,
    ...(effort === undefined ? [] : [`"reasoning_effort":"${effort}"`]),
  ];
  return {
    body: hideRandomValues(format(rest), known),
    envelope: hideRandomValues(envelope, known).replaceAll(
      quoted(own.join(',')),
      quoted('<model and effort of the body>'),
    ),
  };
}

/** Escapes a text as in a JSON string, without quotation marks. */
const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

const METADATA = '"client_metadata":';

function takeMetadata(body: Node): { metadata: Node; rest: Node } {
  if (typeof body === 'string') throw new Error('the body is not an object');
  const found = body.members.find(({ key }) => key === METADATA)?.value;
  if (found === undefined || typeof found === 'string') throw new Error('the body has no metadata');
  const members = found.members.toSorted((a, b) => byKey([a.key, a], [b.key, b]));
  const rest = body.members.map((member) =>
    member.key === METADATA ? { key: METADATA, value: '"<in envelope.json>"' } : member,
  );
  return { metadata: { ...found, members }, rest: { ...body, members: rest } };
}

/** A JSON text with the exact characters of its scalars. */
type Node = string | { readonly open: '{' | '['; readonly members: readonly Member[] };

interface Member {
  /** With its quotes and colon; empty in an array. */
  readonly key: string;
  readonly value: Node;
}

const TOKEN = /"(?:[^"\\]|\\.)*":?|[{}[\],]|[^\s{}[\],:"]+/y;

/** Throws for JSON with blanks between its tokens, which would not show. */
function readJson(text: string): Node {
  let end = 0;
  function next(): string {
    TOKEN.lastIndex = end;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error(`unexpected text: ${text.slice(end, end + 40)}`);
    end += token.length;
    return token;
  }
  function readValue(token: string): Node {
    if (token !== '{' && token !== '[') return token;
    const members: Member[] = [];
    for (let first = next(); first !== '}' && first !== ']'; first = next()) {
      const start = first === ',' ? next() : first;
      const key = start.endsWith('":') ? start : '';
      members.push({ key, value: readValue(key === '' ? start : next()) });
    }
    return { open: token, members };
  }
  const value = readValue(next());
  if (end !== text.length) throw new Error('text after the end of the JSON');
  return value;
}

function format(node: Node, indentation = ''): string {
  if (typeof node === 'string') return node;
  const line = formatInLine(node);
  if (line.length + indentation.length <= LINE_LENGTH) return line;
  const inner = `${indentation} `;
  const lines = node.members.map(({ key, value }) => `${inner}${key}${format(value, inner)}`);
  return `${node.open}\n${lines.join(',\n')}\n${indentation}${close(node.open)}`;
}

const close = (open: '{' | '[') => (open === '{' ? '}' : ']');

function formatInLine(node: Node): string {
  if (typeof node === 'string') return node;
  const members = node.members.map(({ key, value }) => key + formatInLine(value));
  return `${node.open}${members.join(',')}${close(node.open)}`;
}

const RANDOM =
  /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?<![\da-f])[\da-f]{32}(?![\da-f])|(?<=_unix_ms\\*":)\d+|(?<=sandbox\\*":\\*")[^"\\]+/g;

/** Numbers the random values by their first appearance; `sandbox` differs from system to system. */
function hideRandomValues(text: string, known: string): string {
  const numbers = new Map<string, number>();
  return text.replaceAll(RANDOM, (value) => {
    if (known.includes(value)) return value;
    const number = numbers.get(value) ?? numbers.size + 1;
    numbers.set(value, number);
    return `<${number}>`;
  });
}
