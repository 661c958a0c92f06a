/**
 * Patterns are Unicode ones, by the standard; many in use are not, such as `[\w\-]`. Undefined for one of another
 * language, such as `(?P<year>\d+)`.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // It may be one of the other kind.
    }
  }
  return undefined;
}
