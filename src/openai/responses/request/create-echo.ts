import { isJsonObject, type JsonObject, withoutUndefined } from '../../../base/json.ts';
import { summaryOf } from './decode-options.ts';
import type { RequestBody } from './request-schema.ts';

/** Values that the response states instead of what the request contains. */
interface EffectiveValues {
  readonly tools: readonly JsonObject[];
  readonly store: boolean;
  /** Undefined if no limit is enforced. */
  readonly maxTokens: number | undefined;
}

/** Fields that do not reach the provider, each with the value that the provider uses. */
const FIXED: JsonObject = {
  access_programs: null,
  frequency_penalty: 0,
  max_tool_calls: null,
  presence_penalty: 0,
  temperature: 1,
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
};

/** Fields that are repeated as they were sent, each with its default. */
const REPEATED = {
  background: false,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  safety_identifier: null,
  user: undefined,
} as const satisfies Partial<Record<keyof RequestBody, unknown>>;

/** Returns the fields of the response that repeat its request, with defaults for those that the request does not contain. */
export function createEcho(body: RequestBody, { tools, store, maxTokens }: EffectiveValues): JsonObject {
  const repeated = Object.entries(REPEATED).map(([name, byDefault]) => {
    return [name, body[name as keyof typeof REPEATED] ?? byDefault];
  });
  return withoutUndefined({
    ...FIXED,
    ...Object.fromEntries(repeated),
    conversation: echoConversation(body),
    max_output_tokens: maxTokens ?? null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: summaryOf(body.reasoning) ?? null },
    store,
    text: echoText(body),
    tool_choice: echoChoice(body.tool_choice),
    tools: tools.map(echoTool),
  });
}

function echoConversation({ conversation }: RequestBody): JsonObject | null {
  return typeof conversation === 'string' ? { id: conversation } : (conversation ?? null);
}

function echoText({ text }: RequestBody): JsonObject {
  return withoutUndefined({ format: echoFormat(text?.format), verbosity: text?.verbosity ?? undefined });
}

function echoFormat(format: JsonObject | null | undefined): JsonObject {
  const { type = 'text', name, description, schema, strict } = format ?? {};
  if (type !== 'json_schema') return { type };
  return { type, name, description: description ?? null, schema: schema ?? {}, strict: strict ?? false };
}

/** Returns the choice in the flat shape of the Responses API: chat completions nest it below its type. */
function echoChoice(choice: unknown): unknown {
  if (!isJsonObject(choice)) return choice ?? 'auto';
  const { type = 'function' } = choice;
  const nested = choice[String(type)];
  return isJsonObject(nested) ? { ...nested, type } : { ...choice, type };
}

/** Returns a tool; a function with all fields that clients read. */
function echoTool(tool: JsonObject): JsonObject {
  if (tool.type !== 'function') return tool;
  const { description, parameters, strict } = tool;
  return {
    ...tool,
    description: description ?? null,
    parameters: isJsonObject(parameters) ? parameters : null,
    strict: strict === true,
  };
}
