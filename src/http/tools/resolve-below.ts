import type { ResolvedPath } from '../routing/route-group.ts';

/** Resolves a path with a prefix, whose slashes clients may double or add when they join it with their base URL. */
export function resolveBelow(prefix: string, path: string): ResolvedPath | undefined {
  const plain = path.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
  return plain === prefix || plain.startsWith(`${prefix}/`) ? { path: plain } : undefined;
}
