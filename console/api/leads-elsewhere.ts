/**
 * Returns true for a path that does not lead where it reads. An id from the address of the page may have been written by somebody
 * else, and with `../` in it ask for anything in the name of this browser.
 * @param base Address of the page.
 */
export function leadsElsewhere(path: string, base: string): boolean {
  const folder = new URL('.', base);
  const target = URL.parse(path, folder);
  const [plain = ''] = path.split(/[?#]/);
  return (
    target?.origin !== folder.origin ||
    countParts(target.pathname) !== countParts(folder.pathname) + countParts(plain) - 1
  );
}

/** Counts the parts between slashes. */
function countParts(path: string): number {
  return path.split('/').length;
}
