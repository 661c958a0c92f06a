import { isJsonObject, type JsonObject } from '../base/json.ts';

/** A function or custom tool that a request offers. */
export interface DemoTool {
  readonly type: 'function' | 'custom';
  readonly name: string;
  /** Namespace of the tool. */
  readonly namespace?: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** A call of a tool by the demo. */
export interface DemoCall {
  readonly tool: DemoTool;
  /** JSON of a function's arguments, or the text for a custom tool. */
  readonly input: string;
}

/** The parts of a Responses API request that the demo reads. */
export interface DemoRequest {
  /** The user's last message. */
  readonly prompt: string;
  /** The user's messages before it. */
  readonly earlier: readonly string[];
  /** Results of calls after that message, as text. */
  readonly results: readonly string[];
  readonly tools: readonly DemoTool[];
  /** The format of the answer: text, any JSON object, or JSON that follows a schema. */
  readonly format:
    | { readonly type: 'text' | 'object' }
    | { readonly type: 'schema'; readonly schema: JsonObject };
  /** The reasoning effort; undefined if no summary of the reasoning is wanted. */
  readonly effort: string | undefined;
  /** Number of words in the conversation. */
  readonly inputTokens: number;
}

export function readRequest(body: unknown): DemoRequest {
  const { input, tools, text, reasoning } = toObject(body);
  const items = toList(input).map(toObject);
  const last = items.findLastIndex(({ role }) => role === 'user');
  const since = items.slice(last + 1);
  const brought = items.flatMap((item) => (item.type === 'additional_tools' ? toList(item.tools) : []));
  return {
    prompt: textOf(items[last]?.content),
    earlier: items
      .slice(0, Math.max(last, 0))
      .flatMap(({ role, content }) => (role === 'user' ? [textOf(content)] : [])),
    results: since.flatMap(({ type, output }) => (isResult(type) ? [textOf(output)] : [])),
    tools: [...toList(tools), ...brought].flatMap((tool) => readTool(toObject(tool))),
    format: readFormat(toObject(toObject(text).format), items),
    effort: readEffort(toObject(reasoning)),
    inputTokens: items.reduce((sum, { content }) => sum + wordsOf(textOf(content)).length, 0),
  };
}

/** Splits a text into words, each with the space that follows it. */
export function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function isResult(type: unknown): boolean {
  return type === 'function_call_output' || type === 'custom_tool_call_output';
}

function readTool(tool: JsonObject, namespace?: string): DemoTool[] {
  const { type, name, description } = tool;
  if (type === 'namespace') return toList(tool.tools).flatMap((one) => readTool(toObject(one), String(name)));
  if ((type !== 'function' && type !== 'custom') || typeof name !== 'string') return [];
  return [
    {
      type,
      name,
      ...(namespace !== undefined && { namespace }),
      description: typeof description === 'string' ? description : '',
      parameters: toObject(tool.parameters),
    },
  ];
}

/**
 * Reads the format of the answer. Like some clients, the gateway asks for JSON in words when it cannot rely
 * on the provider.
 */
function readFormat({ type, schema }: JsonObject, items: readonly JsonObject[]): DemoRequest['format'] {
  if (type === 'json_schema') return { type: 'schema', schema: toObject(schema) };
  const last = items.findLastIndex(({ role }) => role === 'user');
  const texts = items.map(({ role, content }, index) => ({
    role,
    isNew: index > last,
    text: textOf(content),
  }));
  const instructions = texts.filter(({ role, isNew }) => role === 'developer' && isNew);
  if (!instructions.some(({ text }) => /\bJSON\b/.test(text))) return { type: 'text' };
  const [, described] = texts
    .flatMap(({ text }) => /JSON schema[^\n]*\n(\{.*\})/i.exec(text) ?? [])
    .slice(-2);
  return described === undefined ? { type: 'object' } : { type: 'schema', schema: parseObject(described) };
}

function readEffort({ effort, summary }: JsonObject): string | undefined {
  const isWanted = typeof effort === 'string' && effort !== 'none' && (summary ?? null) !== null;
  return isWanted ? effort : undefined;
}

/** Returns the text of a message or result, which is one text or several parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return toList(content)
    .map((part) => toObject(part).text)
    .filter((text) => typeof text === 'string')
    .join('\n');
}

/** Parses JSON; returns an empty object for anything but an object. */
export function parseObject(text: string): JsonObject {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function toObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
