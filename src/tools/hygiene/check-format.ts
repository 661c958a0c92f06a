import { NO_FINDINGS, type HygieneFinding, type HygieneCheck } from './hygiene-check.ts';

const TRAILING: HygieneFinding = {
  rule: 'trailing-whitespace',
  severity: 'warn',
  message: 'The line ends with whitespace.',
};
const SPACE_BEFORE_TAB: HygieneFinding = {
  rule: 'space-before-tab',
  severity: 'warn',
  message: 'A space comes before a tab in the indentation.',
};
const MIXED: HygieneFinding = {
  rule: 'mixed-indentation',
  severity: 'info',
  message: 'The indentation mixes tabs and spaces.',
};
const NO_NEWLINE: HygieneFinding = {
  rule: 'missing-final-newline',
  severity: 'info',
  message: 'The file does not end with a line feed.',
};

const MARKDOWN = /\.(?:md|mdx|markdown)$/i;

/** Checks whitespace. CR and LF may end a line. */
export const checkFormat: HygieneCheck = (part) => {
  if (part.kind === 'end') return NO_FINDINGS;
  const { line, file, isUnterminated } = part;
  const text = part.text.endsWith('\r') ? part.text.slice(0, -1) : part.text;
  const isBreak = MARKDOWN.test(file.path) && isLineBreak(text);
  const found = [
    hasTrailingSpace(text) && !isBreak ? TRAILING : undefined,
    indentationFault(text),
    isUnterminated ? NO_NEWLINE : undefined,
  ];
  return found.flatMap((finding) => (finding === undefined ? [] : [{ ...finding, line }]));
};

function indentationFault(text: string): HygieneFinding | undefined {
  const indentation = /^[ \t]{0,1000}/.exec(text)![0];
  if (indentation.includes(' \t')) return SPACE_BEFORE_TAB;
  // The lines of a comment that is indented by tabs begin with one more space.
  return indentation.includes('\t ') && !/^\t+ \*/.test(text) ? MIXED : undefined;
}

function hasTrailingSpace(text: string): boolean {
  return /[ \t\f\v]/.test(text.at(-1) ?? '');
}

/** Returns true for the two spaces that break a line in Markdown. */
function isLineBreak(text: string): boolean {
  return /\S {2}$/.test(text.slice(-3));
}
