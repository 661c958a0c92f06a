/**
 * Compiles a pattern of JSON Schema. Patterns are Unicode ones by the standard, but many in use are not, such
 * as `[\w\-]`. Returns undefined for patterns of other languages, such as `(?P<year>\d+)`.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The next flags may fit.
    }
  }
  return undefined;
}
