import { readFile } from 'node:fs/promises';

/** The page of the documentation that explains every setting; the package contains it. */
const PAGE = new URL('../../../docs/configuration.md', import.meta.url);

/** Returns what each setting means, by its key, from the tables of the documentation. */
export async function readSettingMeanings(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
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
        const meaning = plain(cells.at(-1)!);
        return cells.slice(0, -1).flatMap((cell) => namesIn(cell).map((name) => [name, meaning] as const));
      }),
  );
  return new Map(keys.map((key) => [key, described.get(key) ?? describeParts(key, described)]));
}

/** Describes a setting by the keys inside it, such as `store` by `store.days`. */
function describeParts(key: string, described: ReadonlyMap<string, string>): string {
  const parts = [...described].filter(([name]) => name.startsWith(`${key}.`));
  return parts.map(([name, meaning]) => `\`${name.slice(key.length + 1)}\`: ${meaning}`).join(' ');
}

/** Returns the text of a cell as sentences, with the words of its links alone. */
function plain(cell: string): string {
  const text = cell.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.…]$/.test(text) ? '' : '.'}`;
}

/** Returns the names of settings in a cell that holds nothing else. */
function namesIn(cell: string): string[] {
  const parts = cell.split(', ').map((part) => /^`([\w.]+)`$/.exec(part)?.[1]);
  return parts.every((name) => name !== undefined) ? parts : [];
}
