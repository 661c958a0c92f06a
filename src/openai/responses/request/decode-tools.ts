import { formatPath } from '../../../base/json-path.ts';
import type { JsonObject } from '../../../base/json.ts';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import type { Tool } from '../../../conversation/tool.ts';
import type { WebSearch } from '../../../conversation/turn.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeTool } from '../../vocabulary/decode-tool.ts';
import { decodeToolChoice, type ToolChoice } from '../../vocabulary/decode-tool-choice.ts';
import { invalidValue, unsupported } from '../../request/refusals.ts';
import { decodeWebSearch } from './decode-web-search.ts';
import { nameOfType, readOfferedTools, type OfferedTool } from './offered-tool.ts';
import type { RequestBody } from './request-schema.ts';

/** What the model is offered to call, and how its calls are to come back. */
export interface Offer {
  readonly tools: readonly Tool[];
  /** All of them, in the flat shape. */
  readonly given: readonly JsonObject[];
  readonly passthroughTools: readonly JsonObject[] | undefined;
  /** Whether tools that stand among the items are offered, too. */
  readonly withInputTools: boolean;
  readonly webSearch: WebSearch | undefined;
  /** Where web search is asked for. */
  readonly webSearchPath: string;
  readonly callRequired: string | undefined;
  /** Names of functions that were offered as custom tools. */
  readonly customTools: ReadonlySet<string>;
}

/**
 * `tools`, narrowed by `tool_choice`. As long as Codex can carry each that is left as a function or as its own web search,
 * they go up so; otherwise, and beside tools that stand among the items, all go up as they came.
 */
export function* decodeTools(
  body: RequestBody,
  hasInputTools: boolean,
  compatibility: Compatibility,
): Steps<Offer> {
  const offered = yield* readOfferedTools(body.tools ?? [], compatibility);
  const withInputTools = hasInputTools && body.tool_choice !== 'none';
  if (withInputTools) checkChoice(body.tool_choice);
  const place = { field: 'tool_choice', compatibility, nameOfType };
  const choice = decodeToolChoice(body.tool_choice, offered, place);
  const given = offered.map(({ flat }) => flat);
  const native = withInputTools || choice.tools.some((tool) => tool.native);
  checkRequired(choice, native);
  if (!native) return { ...(yield* decodeFunctions(offered, choice, compatibility)), given, withInputTools };
  return {
    given,
    withInputTools,
    tools: [],
    passthroughTools: choice.tools.map(({ flat }) => flat),
    webSearch: undefined,
    webSearchPath: 'tools',
    callRequired: undefined,
    customTools: new Set(),
  };
}

function* decodeFunctions(
  offered: readonly OfferedTool[],
  { tools: left, callRequired }: ToolChoice<OfferedTool>,
  compatibility: Compatibility,
): Steps<Omit<Offer, 'given' | 'withInputTools'>> {
  const names = new Set(left.map(({ name }) => name));
  const search = offered.find(({ kind }) => kind === 'web_search');
  const webSearch = search && decodeWebSearch(search.value as object, search.place, compatibility);
  const decoded = yield* mapInSteps(
    offered.filter(({ kind, native }) => !native && (kind === 'function' || kind === 'custom')),
    ({ value, place }) => decodeTool(value, place, compatibility),
  );
  return {
    tools: decoded.map(({ tool }) => tool).filter(({ name }) => names.has(name)),
    passthroughTools: undefined,
    webSearch: search && names.has(search.name) ? webSearch : undefined,
    webSearchPath: formatPath(search?.place ?? ['tools']),
    callRequired,
    customTools: new Set(decoded.filter(({ custom }) => custom).map(({ tool }) => tool.name)),
  };
}

/** Tools that stand among the items cannot be left out one by one. */
function checkChoice(choice: unknown): void {
  if (choice === undefined || choice === null || choice === 'auto') return;
  throw unsupported(
    'tool_choice',
    "is not supported beside tools that stand in the input; send 'auto' or 'none'",
  );
}

/** A call can be had of a function alone. */
function checkRequired({ tools, callRequired }: ToolChoice<OfferedTool>, native: boolean): void {
  if (callRequired === undefined) return;
  if (native) {
    const why = "asks for a call that cannot be guaranteed: these tools go up as they came; send 'auto'";
    throw unsupported('tool_choice', why);
  }
  if (tools.every(({ kind }) => kind === 'web_search')) {
    throw invalidValue('tool_choice', "a search of the web cannot be asked for; send 'auto'");
  }
}
