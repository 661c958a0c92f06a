import { excerpt } from '../../base/excerpt.ts';
import type { JsonPath } from '../../base/json-path.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { unsupported } from '../request/refusals.ts';

/** Types of tools that OpenAI runs or declares itself and Codex cannot offer; some have names with dates. */
export const HOSTED_KINDS: ReadonlySet<string> = new Set([
  'apply_patch',
  'code_interpreter',
  'computer',
  'computer_use',
  'computer_use_preview',
  'file_search',
  'image_generation',
  'local_shell',
  'mcp',
  'programmatic_tool_calling',
  'shell',
  'web_fetch',
]);

/** Returns true for any of the names that web search has had. */
export const isWebSearch = (type: unknown): boolean =>
  typeof type === 'string' && /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type);

export function isHosted(type: unknown): type is string {
  return typeof type === 'string' && HOSTED_KINDS.has(type.replace(/_\d{4}_?\d{2}_?\d{2}$/, ''));
}

/**
 * Returns the tools that can be offered, each with its index. The others are ignored with a notice; strict mode refuses
 * them.
 */
export function withoutHosted(
  tools: readonly unknown[],
  path: JsonPath,
  compatibility: Compatibility,
  isUnsupported: (type: unknown) => type is string = isHosted,
): [index: number, tool: unknown][] {
  return [...tools.entries()].filter(([index, tool]) => {
    const type = isJsonObject(tool) ? tool.type : undefined;
    if (!isUnsupported(type)) return true;
    const refusal = () =>
      unsupported([...path, index, 'type'], `is a tool of type '${excerpt(type)}', which Codex cannot offer`);
    compatibility.ignore([...path, index, type], refusal);
    return false;
  });
}
