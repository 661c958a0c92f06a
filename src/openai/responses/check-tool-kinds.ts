import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { decodeValue } from '../decode-body.ts';
import { unsupported } from '../refusals.ts';
import { toolSchema } from './schema.ts';

/** Web search has had several names. */
export const isWebSearch = (type: unknown): boolean =>
  typeof type === 'string' && /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type);

const KINDS: readonly string[] = ['function', 'custom', 'namespace', 'tool_search'];
const KINDS_OF_NAMESPACE: readonly string[] = ['function', 'custom'];

/** Refuses tools of kinds that are not offered here, such as those that OpenAI itself runs. */
export function checkToolKinds(tools: readonly unknown[], place: JsonPath): void {
  for (const [index, tool] of tools.entries()) {
    const type = checkKind(tool, [...place, index], [...KINDS, 'web_search']);
    if (type === 'namespace') checkNamespace(tool as { tools?: unknown }, [...place, index]);
  }
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
