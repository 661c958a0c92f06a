import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { formatPath, type JsonPath } from '../../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import { RESERVED_NAMES } from '../../../conversation/tool.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeValue } from '../../request/decode-body.ts';
import { isWebSearch, withoutHosted } from '../../vocabulary/hosted-tools.ts';
import { nameSchema } from '../../request/shared-schema.ts';
import { invalidValue } from '../../request/refusals.ts';
import { checkToolType } from '../../items/check-tool-type.ts';

/** A tool of a request, before it is known in which form it goes up. */
export interface OfferedTool {
  /** By which it can be chosen; of a tool without a name, its type in words. */
  readonly name: string;
  readonly kind: 'function' | 'custom' | 'web_search' | 'other';
  /** As it came. */
  readonly value: unknown;
  /** The same in the flat shape of the Responses API. */
  readonly flat: JsonObject;
  readonly place: JsonPath;
  /** Whether Codex can carry it in the provider's own form alone. */
  readonly native: boolean;
}

const namedSchema = z.object({ name: nameSchema });

/** Reads the tools of a request; those that cannot be had are left out. */
export function* readOfferedTools(
  tools: readonly unknown[],
  compatibility: Compatibility,
): Steps<OfferedTool[]> {
  const offered = yield* mapInSteps(withoutHosted(tools, ['tools'], compatibility), ([index, tool]) => {
    checkToolType(tool, ['tools', index]);
    return readTool(tool as JsonObject, ['tools', index]);
  });
  checkNames(offered);
  return offered;
}

/** The name of a tool that has none, for a choice of it. */
export function nameOfType(type: unknown): string | undefined {
  if (isWebSearch(type)) return 'web search';
  return type === 'tool_search' ? 'tool search' : undefined;
}

function readTool(value: JsonObject, place: JsonPath): OfferedTool {
  const nested = nestedIn(value);
  const flat = nested ? flatten(nested, value.type) : value;
  const kind = kindOf(flat);
  const where = nested ? [...place, String(value.type)] : place;
  const name = nameOfType(flat.type) ?? decodeValue(namedSchema, flat, where).name;
  return { name, kind, value, flat, place, native: kind === 'other' || isNative(flat, name) };
}

function kindOf({ type }: JsonObject): OfferedTool['kind'] {
  if (type === 'function' || type === 'custom') return type;
  return isWebSearch(type) ? 'web_search' : 'other';
}

function isNative({ type, format, defer_loading: deferred }: JsonObject, name: string): boolean {
  if (type !== 'function' && type !== 'custom') return false;
  const grammar = isJsonObject(format) && format.type === 'grammar';
  return deferred === true || grammar || RESERVED_NAMES.test(name);
}

/** A tool in the shape of chat completions, below its type. */
function nestedIn(tool: JsonObject): JsonObject | undefined {
  const nested = tool.type === 'function' ? tool.function : tool.type === 'custom' ? tool.custom : undefined;
  return isJsonObject(nested) ? nested : undefined;
}

function flatten(nested: JsonObject, type: unknown): JsonObject {
  const { format } = nested;
  if (!isJsonObject(format) || !isJsonObject(format.grammar)) return { ...nested, type };
  return { ...nested, type, format: { ...format.grammar, type: 'grammar' } };
}

function checkNames(tools: readonly OfferedTool[]): void {
  const names = new Set<string>();
  for (const { name, place } of tools) {
    if (names.has(name)) throw invalidValue(formatPath(place), `two tools are called '${name}'`);
    names.add(name);
  }
}
