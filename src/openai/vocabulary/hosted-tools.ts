import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { unsupported } from '../request/refusals.ts';

/** Tools that OpenAI runs itself or declares itself, none of which Codex can offer; some have dated names. */
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

/** Web search has had several names. */
export const isWebSearch = (type: unknown): boolean =>
  typeof type === 'string' && /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type);

export function isHosted(type: unknown): type is string {
  return typeof type === 'string' && HOSTED_KINDS.has(type.replace(/_\d{4}_?\d{2}_?\d{2}$/, ''));
}

/**
 * Returns the tools that can be offered, each with its index. The others are left out and named as ignored; strict mode
 * refuses them.
 */
export function withoutHosted(
  tools: readonly unknown[],
  place: JsonPath,
  compatibility: Compatibility,
  isMissing: (type: unknown) => type is string = isHosted,
): [index: number, tool: unknown][] {
  return [...tools.entries()].filter(([index, tool]) => {
    const type = isJsonObject(tool) ? tool.type : undefined;
    if (!isMissing(type)) return true;
    const refusal = () =>
      unsupported(
        formatPath([...place, index, 'type']),
        `is a tool of type '${excerpt(type)}', which Codex cannot offer`,
      );
    compatibility.ignore([...place, index, type], refusal);
    return false;
  });
}
