import type { Environment } from '../../../app/config/config.ts';

/** Paints text for a terminal; without one, or with `NO_COLOR`, it stays as it is. */
export interface Styles {
  bold(text: string): string;
  dim(text: string): string;
  /** Paints a unified diff line by line. */
  diff(text: string): string;
}

const RESET = '\u001B[0m';
const CODES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;

export function createStyles(environment: Environment, isTerminal: boolean): Styles {
  const { NO_COLOR: noColor = '', TERM: term } = environment;
  const hasColor = isTerminal && noColor === '' && term !== 'dumb';
  const paint = (style: keyof typeof CODES) => (text: string) =>
    hasColor && text !== '' ? `\u001B[${CODES[style]}m${text}${RESET}` : text;
  const paintLine = (line: string) => {
    const style = LINES.find(([beginning]) => line.startsWith(beginning))?.[1];
    return style === undefined ? line : paint(style)(line);
  };
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    diff: (text) => text.split('\n').map(paintLine).join('\n'),
  };
}

/** Beginnings of the lines of a diff; the first that fits decides. */
const LINES: readonly (readonly [beginning: string, style: keyof typeof CODES])[] = [
  ['diff ', 'bold'],
  ['+++ ', 'bold'],
  ['--- ', 'bold'],
  ['@@', 'cyan'],
  ['+', 'green'],
  ['-', 'red'],
];
