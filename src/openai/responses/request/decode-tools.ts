import { formatPath, type JsonPath } from '../../../base/json-path.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import type { Tool } from '../../../conversation/tool.ts';
import type { WebSearch } from '../../../conversation/turn.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeValue } from '../../request/decode-body.ts';
import { accepted, checkFields, ignored, mapped, oneOf, type Fields } from '../../request/fields.ts';
import { invalidValue, unsupported } from '../../request/refusals.ts';
import { PLACE_FIELDS } from '../../request/shared-fields.ts';
import { decodeTool } from '../../vocabulary/decode-tool.ts';
import { decodeToolChoice, type ToolChoice } from '../../vocabulary/decode-tool-choice.ts';
import { webSearchToolSchema, type RequestBody } from './request-schema.ts';
import { nameOfType, readTools, type RequestTool } from './request-tools.ts';

/** The tools that the model may call, and facts about how its calls are written in the response. */
export interface ResponseTools {
  /** Functions, which Codex declares itself. */
  readonly tools: readonly Tool[];
  /** Set if all tools go to the provider as they came, instead of `tools` and `webSearch`. */
  readonly passthroughTools: readonly JsonObject[] | undefined;
  /** All tools of the request, in the flat shape. */
  readonly flatTools: readonly JsonObject[];
  /** True if tools inside the input are offered, too. */
  readonly withInputTools: boolean;
  readonly webSearch: WebSearch | undefined;
  readonly webSearchPath: string;
  readonly callRequired: string | undefined;
  /** Names of functions that were sent as custom tools. */
  readonly customTools: ReadonlySet<string>;
}

/**
 * Decodes `tools`, narrowed by `tool_choice`. If Codex can declare all chosen tools itself, they become functions and its own
 * web search. Otherwise, or if the input contains tools, all of them are passed through.
 */
export function* decodeResponseTools(
  body: RequestBody,
  hasInputTools: boolean,
  compatibility: Compatibility,
): Steps<ResponseTools> {
  const all = yield* readTools(body.tools ?? [], compatibility);
  const withInputTools = hasInputTools && body.tool_choice !== 'none';
  if (withInputTools) checkChoiceBesideInputTools(body.tool_choice);
  const choice = decodeToolChoice(body.tool_choice, all, { field: 'tool_choice', compatibility, nameOfType });
  const arePassedThrough = withInputTools || choice.tools.some((tool) => tool.needsPassthrough);
  checkRequiredCall(choice, arePassedThrough);
  const flatTools = all.map(({ flat }) => flat);
  if (!arePassedThrough) {
    return { ...(yield* decodeFunctions(all, choice, compatibility)), flatTools, withInputTools };
  }
  return {
    tools: [],
    passthroughTools: choice.tools.map(({ flat }) => flat),
    flatTools,
    withInputTools,
    webSearch: undefined,
    webSearchPath: 'tools',
    callRequired: undefined,
    customTools: new Set(),
  };
}

/** Decodes all tools, so that mistakes are found in each, and returns the chosen ones. */
function* decodeFunctions(
  all: readonly RequestTool[],
  { tools: chosen, callRequired }: ToolChoice<RequestTool>,
  compatibility: Compatibility,
): Steps<Omit<ResponseTools, 'flatTools' | 'withInputTools'>> {
  const chosenNames = new Set(chosen.map(({ name }) => name));
  const search = all.find(({ kind }) => kind === 'web_search');
  const webSearch = search && decodeWebSearchTool(search.value as object, search.path, compatibility);
  const decoded = yield* mapInSteps(
    all.filter(
      ({ kind, needsPassthrough }) => !needsPassthrough && (kind === 'function' || kind === 'custom'),
    ),
    ({ value, path }) => decodeTool(value, path, compatibility),
  );
  return {
    tools: decoded.map(({ tool }) => tool).filter(({ name }) => chosenNames.has(name)),
    passthroughTools: undefined,
    webSearch: search && chosenNames.has(search.name) ? webSearch : undefined,
    webSearchPath: formatPath(search?.path ?? ['tools']),
    callRequired,
    customTools: new Set(decoded.filter(({ custom }) => custom).map(({ tool }) => tool.name)),
  };
}

/** Throws for a choice among tools inside the input, which cannot be left out one by one. */
function checkChoiceBesideInputTools(choice: unknown): void {
  if (choice === undefined || choice === null || choice === 'auto') return;
  throw unsupported('tool_choice', "is not supported beside tools in the input; send 'auto' or 'none'");
}

/** Throws if a call is required that cannot be guaranteed: only calls of functions can. */
function checkRequiredCall(
  { tools, callRequired }: ToolChoice<RequestTool>,
  arePassedThrough: boolean,
): void {
  if (callRequired === undefined) return;
  if (arePassedThrough) {
    const why =
      "requires a call, which cannot be guaranteed for tools that are passed through to the provider; send 'auto'";
    throw unsupported('tool_choice', why);
  }
  if (tools.every(({ kind }) => kind === 'web_search')) {
    throw invalidValue('tool_choice', "a web search cannot be required; send 'auto'");
  }
}

const WEB_SEARCH_FIELDS: Fields = {
  type: mapped('the type of the tool'),
  search_context_size: mapped('the amount of text that is read'),
  user_location: mapped('the location of the user'),
  filters: mapped('the domains that are searched'),
  external_web_access: ignored('the search always has access to the web', { neutral: oneOf(true) }),
  search_content_types: ignored('Codex decides'),
};

const LOCATION_FIELDS: Fields = { ...PLACE_FIELDS, type: accepted('`approximate`') };

const FILTER_FIELDS: Fields = { allowed_domains: mapped('the only domains that are searched') };

/** Decodes a tool of the type `web_search`, or of one of its former names. */
function decodeWebSearchTool(tool: object, path: JsonPath, compatibility: Compatibility): WebSearch {
  const decoded = decodeValue(webSearchToolSchema, tool, path);
  checkFields(tool, WEB_SEARCH_FIELDS, path, compatibility);
  const { user_location: location, filters } = tool as JsonObject;
  if (isJsonObject(location)) {
    checkFields(location, LOCATION_FIELDS, [...path, 'user_location'], compatibility);
  }
  if (isJsonObject(filters)) checkFields(filters, FILTER_FIELDS, [...path, 'filters'], compatibility);
  const { city, country, region, timezone } = decoded.user_location ?? {};
  return {
    contextSize: decoded.search_context_size ?? undefined,
    allowedDomains: decoded.filters?.allowed_domains ?? undefined,
    location: decoded.user_location ? { city, country, region, timezone } : undefined,
  };
}
