import type { ShownSetting } from '../../../src/console/contract/settings.ts';

/** Returns a value as a person reads it. */
export function formatSetting(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? 'none' : value.join(', ');
  }
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : JSON.stringify(value, null, 2);
}

/** Returns the default of a setting, in words where none is a value. */
export function formatDefault({ default: usual, default_text: text }: ShownSetting): string {
  return usual === null || usual === undefined ? text.replaceAll('`', '') : formatSetting(usual);
}

/** Returns a sentence about the value in the config file if it is not the one that the form began with; '' if it is. */
export function describeNewer(
  { is_in_file: wasInFile, file_value: before }: ShownSetting,
  { is_in_file: isInFile, file_value: now }: ShownSetting,
): string {
  if (isInFile === wasInFile && JSON.stringify(now) === JSON.stringify(before)) return '';
  const said = isInFile ? `says ${formatSetting(now)}` : 'has no value';
  return `Someone has changed it meanwhile: the config file ${said} now. Saving replaces that.`;
}

/** Returns the text with which an input begins. */
export function writeInput(kind: ShownSetting['kind'], value: unknown): string {
  if (value === null || value === undefined) return '';
  if (kind === 'json') return JSON.stringify(value, null, 2);
  if (kind === 'list') return (value as readonly string[]).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Returns the value that an input holds. Throws an `Error` with a sentence for what cannot be one. */
export function readInput(kind: ShownSetting['kind'], text: string): unknown {
  const trimmed = text.trim();
  if (kind === 'switch') return text === 'true';
  if (kind === 'list') return readLines(text);
  if (trimmed === '') throw new Error('Enter a value, or take the setting out of the file.');
  if (kind === 'number') return readNumber(trimmed);
  return kind === 'json' ? readJson(trimmed) : trimmed;
}

function readLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function readNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Error('Enter a number.');
  return number;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('Enter valid JSON.');
  }
}

/** Returns the settings that a search finds, in their key or meaning; those that are not the default if wanted. */
export function filterSettings(
  settings: readonly ShownSetting[],
  search: string,
  onlyChanged: boolean,
): ShownSetting[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((setting) => {
    if (onlyChanged && setting.source === 'default' && !setting.is_in_file) return false;
    const text = `${setting.key} ${setting.meaning} ${setting.group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
