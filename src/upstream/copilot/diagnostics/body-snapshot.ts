import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { cutToBytes, MARGIN, writeBounded } from './write-bounded.ts';

export interface SnapshotOptions {
  readonly level: 'content_redacted' | 'full_content';
  /** Maximum bytes of the body that are written. */
  readonly contentBytes: number;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/** Bytes of the largest body that is parsed, since that takes its time in one piece. */
const MAX_PARSED_BYTES = 32 * 1024 * 1024;

const MAX_TOOL_NAMES = 20;

/** Stands for a text of the body. */
const REDACTED = '<redacted-content>';

/** Returns what diagnostics say about the body of a request. It is parsed as a whole, and what is written of it is bounded. */
export function snapshotBody(body: Buffer, isEncoded: boolean, options: SnapshotOptions): object {
  const { level } = options;
  const parsed = isEncoded || body.length > MAX_PARSED_BYTES ? undefined : parse(body);
  const changeText = level === 'full_content' ? options.redact : () => REDACTED;
  const written = parsed
    ? writeBounded(parsed.value, options.contentBytes, changeText, options.redact)
    : writeText(body, isEncoded, options);
  const captured = Buffer.byteLength(written.text);
  return {
    schema_version: 1,
    direction: 'request',
    content_level: level,
    bytes: { total: body.length, captured, truncated: captured < body.length },
    format: parsed ? 'json' : 'text',
    extracted: extract(isJsonObject(parsed?.value) ? parsed.value : {}, changeText),
    content: parsed && written.isComplete ? (JSON.parse(written.text) as unknown) : written.text,
  };
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString()) as unknown };
  } catch {
    return undefined;
  }
}

/** Writes a body that is not JSON. The bytes of an encoded one would mean nothing. */
function writeText(body: Buffer, isEncoded: boolean, { level, contentBytes, redact }: SnapshotOptions) {
  if (isEncoded || body.length === 0) return cutToBytes('', 0);
  if (level === 'content_redacted') return cutToBytes(REDACTED, contentBytes);
  return cutToBytes(redact(body.subarray(0, contentBytes + MARGIN).toString()), contentBytes);
}

/** Returns the fields that one looks for first; an absent one is null. */
function extract(body: JsonObject, changeText: (text: string) => string): object {
  const show = (value: unknown) => {
    if (typeof value === 'string') return changeText(value);
    return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  };
  const reasoning = isJsonObject(body.reasoning) ? body.reasoning : {};
  const tools = Array.isArray(body.tools) ? (body.tools as unknown[]) : undefined;
  return {
    model: show(body.model),
    stream: show(body.stream),
    store: show(body.store),
    reasoning_effort: show(reasoning.effort),
    reasoning_summary: show(reasoning.summary),
    previous_response_id_present: typeof body.previous_response_id === 'string',
    include_count: countOf(body.include),
    input_count: countOf(body.input),
    tools: tools
      ? { count: tools.length, names: tools.slice(0, MAX_TOOL_NAMES).map((tool) => show(nameOf(tool))) }
      : null,
  };
}

function countOf(value: unknown): number | null {
  return Array.isArray(value) ? value.length : null;
}

/** Returns the name of a tool; the type of one without a name. */
function nameOf(tool: unknown): unknown {
  return isJsonObject(tool) ? (tool.name ?? tool.type) : undefined;
}
