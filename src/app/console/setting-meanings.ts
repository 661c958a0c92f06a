import { readFile } from 'node:fs/promises';

/** The page of the documentation that explains every setting; the package contains it. */
const PAGE = new URL('../../../docs/configuration.md', import.meta.url);

/** Words of the documentation about a setting. */
interface SettingMeaning {
  readonly meaning: string;
  /** The default in words. */
  readonly usual: string;
}

/** Returns what each setting means, by its key, from the tables of the documentation. */
export async function readSettingMeanings(
  keys: readonly string[],
): Promise<ReadonlyMap<string, SettingMeaning>> {
  const text = await readFile(PAGE, 'utf8').catch(() => '');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  const described = new Map(
    // The tables of settings also have a column for the default.
    rows
      .filter(({ length }) => length > 2)
      .flatMap((cells) => {
        const said = { meaning: asSentences(cells.at(-1)!), usual: withoutLinks(cells.at(-2)!) };
        return cells.slice(0, -1).flatMap((cell) => namesIn(cell).map((name) => [name, said] as const));
      }),
  );
  return new Map(
    keys.map((key) => [key, described.get(key) ?? { meaning: describeParts(key, described), usual: 'none' }]),
  );
}

/** Describes a setting by the keys inside it, such as `store` by `store.days`. */
function describeParts(key: string, described: ReadonlyMap<string, SettingMeaning>): string {
  const parts = [...described].filter(([name]) => name.startsWith(`${key}.`));
  return parts.map(([name, { meaning }]) => `\`${name.slice(key.length + 1)}\`: ${meaning}`).join(' ');
}

/** Returns the text of a cell with the words of its links alone. */
function withoutLinks(cell: string): string {
  return cell.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

/** Returns the text of a cell as sentences. */
function asSentences(cell: string): string {
  const text = withoutLinks(cell);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.…]$/.test(text) ? '' : '.'}`;
}

/** Returns the names of settings in a cell that holds nothing else. */
function namesIn(cell: string): string[] {
  const parts = cell.split(', ').map((part) => /^`([\w.]+)`$/.exec(part)?.[1]);
  return parts.every((name) => name !== undefined) ? parts : [];
}
