import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { JsonPath } from '../../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import { RESERVED_NAMES } from '../../../conversation/tool.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeValue } from '../../request/decode-body.ts';
import { checkToolNames } from '../../vocabulary/decode-tool.ts';
import { isWebSearch, withoutHosted } from '../../vocabulary/hosted-tools.ts';
import { nameSchema } from '../../request/shared-schema.ts';
import { checkToolType } from '../../items/check-tool-type.ts';

/** A tool of a request, before it is known in which form it goes to Codex. */
export interface RequestTool {
  /** The name by which it can be chosen; of a tool without a name, its type in words. */
  readonly name: string;
  readonly kind: 'function' | 'custom' | 'web_search' | 'other';
  /** The tool as the caller sent it. */
  readonly value: unknown;
  /** The tool in the flat shape of the Responses API. */
  readonly flat: JsonObject;
  readonly path: JsonPath;
  /** True if Codex can only pass it through, in the form that the provider takes. */
  readonly needsPassthrough: boolean;
}

const namedSchema = z.object({ name: nameSchema });

/** Reads the tools of a request. Hosted tools, which Codex cannot offer, are left out. */
export function* readTools(tools: readonly unknown[], compatibility: Compatibility): Steps<RequestTool[]> {
  const read = yield* mapInSteps(withoutHosted(tools, ['tools'], compatibility), ([index, tool]) => {
    checkToolType(tool, ['tools', index]);
    return readTool(tool as JsonObject, ['tools', index]);
  });
  checkToolNames(read, ({ path }) => path);
  return read;
}

/** Returns the name by which a tool of a type without names can be chosen. */
export function nameOfType(type: unknown): string | undefined {
  if (isWebSearch(type)) return 'web search';
  return type === 'tool_search' ? 'tool search' : undefined;
}

function readTool(value: JsonObject, path: JsonPath): RequestTool {
  const nested = nestedIn(value);
  const flat = nested ? flatten(nested, value.type) : value;
  const kind = kindOf(flat);
  const namePath = nested ? [...path, String(value.type)] : path;
  const name = nameOfType(flat.type) ?? decodeValue(namedSchema, flat, namePath).name;
  return {
    name,
    kind,
    value,
    flat,
    path,
    needsPassthrough: kind === 'other' || needsPassthrough(flat, name),
  };
}

function kindOf({ type }: JsonObject): RequestTool['kind'] {
  if (type === 'function' || type === 'custom') return type;
  return isWebSearch(type) ? 'web_search' : 'other';
}

/** Returns true if Codex cannot declare a function or custom tool itself: it has no deferred loading, no grammars, and reserved names. */
function needsPassthrough({ type, format, defer_loading: deferred }: JsonObject, name: string): boolean {
  if (type !== 'function' && type !== 'custom') return false;
  const grammar = isJsonObject(format) && format.type === 'grammar';
  return deferred === true || grammar || RESERVED_NAMES.test(name);
}

/** Returns the part of a tool in the shape of chat completions that is nested below its type. */
function nestedIn(tool: JsonObject): JsonObject | undefined {
  const nested = tool.type === 'function' ? tool.function : tool.type === 'custom' ? tool.custom : undefined;
  return isJsonObject(nested) ? nested : undefined;
}

function flatten(nested: JsonObject, type: unknown): JsonObject {
  const { format } = nested;
  if (!isJsonObject(format) || !isJsonObject(format.grammar)) return { ...nested, type };
  return { ...nested, type, format: { ...format.grammar, type: 'grammar' } };
}
