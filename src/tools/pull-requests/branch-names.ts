/** Maximum characters of a branch: GitHub takes no longer ones. */
const MAX_LENGTH = 244;

/**
 * Matches names in which nothing has a meaning for git's command line, for refspecs or for revisions. Other letters than ASCII
 * are left out as well, since two names that look alike would not be the same branch.
 */
const NAME = /^[A-Za-z0-9_][\w./+#@=,%-]*$/;

/** Parts that git itself forbids, and a name that stands for something else. */
const FORBIDDEN = /\.\.|@\{|\/\/|\/\.|\/$|\.$|\.lock(?:\/|$)|^HEAD$/;

/** Returns true for the name of a branch that can be handed to git and GitHub as it is. */
export function isBranchName(name: string): boolean {
  return name.length <= MAX_LENGTH && NAME.test(name) && !FORBIDDEN.test(name);
}

/** Returns true if a name fits a pattern, in which `*` stands for any characters, also for none and for slashes. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from + last.length <= name.length;
}
