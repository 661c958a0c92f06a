import { readQuotedName } from './unquote-name.ts';

/** Both names of a file, as they are written, prefixes included. */
export interface NamePair {
  readonly before: string;
  readonly after: string;
}

export const NO_FILE = '/dev/null';

/** Names longer than this are of no file system; searching them for their middle would take long. */
const MAX_NAME_CHARACTERS = 16_384;

/** Reads the name in a line such as `+++ b/file`, from its fifth character on: a tab ends it, since a name with one is quoted. */
export function readHeaderName(text: string): string {
  const quoted = readQuotedName(text);
  if (quoted !== undefined) return quoted.name;
  const [name = ''] = text.split('\t', 1);
  return name;
}

/**
 * Reads the two names of `diff --git`. Without quotes nothing separates them but a space, which a name may hold as well: they are the
 * two that are the same without their prefixes. Returns undefined if there is no such place, as for a renamed file.
 */
export function readGitNames(text: string): NamePair | undefined {
  const first = readQuotedName(text);
  if (first !== undefined) return { before: first.name, after: readHeaderName(first.rest.trimStart()) };
  if (text.endsWith('"')) {
    const start = text.indexOf(' "');
    const second = readQuotedName(text.slice(start + 1));
    return second && { before: text.slice(0, start), after: second.name };
  }
  return splitAtMiddle(text) ?? splitAtEqualNames(text);
}

function splitAtMiddle(text: string): NamePair | undefined {
  const middle = (text.length - 1) / 2;
  if (text[middle] !== ' ') return undefined;
  const pair = { before: text.slice(0, middle), after: text.slice(middle + 1) };
  return pair.before === pair.after || afterSlash(pair.before) === afterSlash(pair.after) ? pair : undefined;
}

/** Splits names whose prefixes differ in length. */
function splitAtEqualNames(text: string): NamePair | undefined {
  if (text.length > MAX_NAME_CHARACTERS) return undefined;
  const firstName = text.indexOf('/') + 1;
  for (let space = text.indexOf(' '); space !== -1; space = text.indexOf(' ', space + 1)) {
    const secondName = text.indexOf('/', space) + 1;
    const length = text.length - secondName;
    if (secondName === 0 || length !== space - firstName) continue;
    if (text.startsWith(text.slice(secondName), firstName)) {
      return { before: text.slice(0, space), after: text.slice(space + 1) };
    }
  }
  return undefined;
}

/** Returns the path of a file in its repository, from the names of `diff --git`; undefined for a file that has changed its name. */
export function pathOfPair({ before, after }: NamePair): string | undefined {
  if (before === after) return after;
  const path = afterSlash(after);
  return path !== undefined && path === afterSlash(before) ? path : undefined;
}

/**
 * Returns the path that `+++` names. Its prefix is taken off if `diff --git` has shown the path, or if both names have the prefixes
 * that git gives them.
 */
export function pathOfHeaders(before: string | undefined, after: string, known: string | undefined): string {
  if (after === NO_FILE) return known ?? (before === undefined ? '' : before.replace(/^a\//, ''));
  if (known !== undefined && (after === known || after.endsWith(`/${known}`))) return known;
  const prefixes = [
    before === undefined || before === NO_FILE ? 'a/' : before.slice(0, 2),
    after.slice(0, 2),
  ];
  return GIT_PREFIXES.has(prefixes.join(' ')) ? after.slice(2) : after;
}

/** Prefixes of git, with those of `diff.mnemonicPrefix`: commit, index, work tree, object. */
const GIT_PREFIXES = new Set([
  'a/ b/',
  'b/ a/',
  'i/ w/',
  'c/ i/',
  'c/ w/',
  'o/ w/',
  'w/ i/',
  'i/ c/',
  'w/ c/',
]);

function afterSlash(name: string): string | undefined {
  const slash = name.indexOf('/');
  return slash === -1 ? undefined : name.slice(slash + 1);
}
