import { z } from 'zod';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonPath } from '../../base/json-path.ts';
import { decodeValue } from '../request/decode-body.ts';
import { unsupported } from '../request/refusals.ts';
import { isWebSearch } from '../vocabulary/hosted-tools.ts';

const NAMESPACE_TOOL_TYPES: readonly string[] = ['function', 'custom'];
const TOOL_TYPES: readonly string[] = [...NAMESPACE_TOOL_TYPES, 'namespace', 'tool_search', 'web_search'];

const toolSchema = z.object({ type: z.string() });

/** Throws for a tool of an unsupported type, also for one inside a namespace. */
export function checkToolType(tool: unknown, path: JsonPath): void {
  const type = checkType(tool, path, TOOL_TYPES);
  const { tools } = tool as { readonly tools?: unknown };
  if (type !== 'namespace' || !Array.isArray(tools)) return;
  for (const [index, inner] of tools.entries())
    checkType(inner, [...path, 'tools', index], NAMESPACE_TOOL_TYPES);
}

function checkType(tool: unknown, path: JsonPath, supported: readonly string[]): string {
  const { type } = decodeValue(toolSchema, tool, path);
  if (supported.includes(isWebSearch(type) ? 'web_search' : type)) return type;
  const why = `is a tool of type '${excerpt(type)}'; supported: ${supported.join(', ')}`;
  throw unsupported([...path, 'type'], why);
}
