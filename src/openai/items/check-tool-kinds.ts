import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { decodeValue } from '../request/decode-body.ts';
import { isWebSearch } from '../vocabulary/hosted-tools.ts';
import { unsupported } from '../request/refusals.ts';
import { toolSchema } from './schema.ts';

const KINDS: readonly string[] = ['function', 'custom', 'namespace', 'tool_search'];
const KINDS_OF_NAMESPACE: readonly string[] = ['function', 'custom'];

/** Refuses a tool of a kind that is not offered here. */
export function checkToolKind(tool: unknown, place: JsonPath): void {
  const type = checkKind(tool, place, [...KINDS, 'web_search']);
  if (type === 'namespace') checkNamespace(tool as { tools?: unknown }, place);
}

function checkNamespace({ tools }: { readonly tools?: unknown }, place: JsonPath): void {
  if (!Array.isArray(tools)) return;
  for (const [index, tool] of tools.entries())
    checkKind(tool, [...place, 'tools', index], KINDS_OF_NAMESPACE);
}

function checkKind(tool: unknown, place: JsonPath, kinds: readonly string[]): string {
  const { type } = decodeValue(toolSchema, tool, place);
  if (kinds.includes(isWebSearch(type) ? 'web_search' : type)) return type;
  const why = `is a tool of type '${excerpt(type)}'; supported: ${kinds.join(', ')}`;
  throw unsupported(formatPath([...place, 'type']), why);
}
