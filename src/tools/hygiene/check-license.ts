import type { DiffFile } from './diff/read-diff.ts';
import { NO_FINDINGS, type HygieneFinding, type HygieneCheck } from './hygiene-check.ts';

/** Lines at the beginning of a file in which a licence header counts. */
const HEAD_LINES = 10;
/** Characters of a line that are compared. */
const MAX_LINE_CHARACTERS = 10_000;

const SOURCE =
  /\.(?:[cm]?[jt]sx?|py|pyi|rb|go|rs|java|kts?|scala|groovy|swift|c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm|cs|fs|vb|php|pl|pm|lua|r|jl|dart|ex|exs|erl|hs|clj[cs]?|ml|mli|zig|nim|sh|bash|zsh|fish|ps1|sql|proto|vue|svelte|css|scss|sass|less|tf|cu|s|asm|v|sv|vhdl?)$/i;

const MISSING: HygieneFinding = {
  rule: 'missing-license-header',
  line: 1,
  severity: 'error',
  message: 'The licence header is not in the first ten lines of this new source file.',
};

/** Creates the check that each new source file begins with a licence header. A file without any line needs none. */
export function createLicenseCheck(header: string): HygieneCheck {
  const wanted = plain(header.split('\n'));
  let head: string[] = [];
  let hasLines = false;

  function isLicensed(): boolean {
    return head.join('\n').includes(header) || plain(head).includes(wanted);
  }

  return (part) => {
    const { file } = part;
    if (part.kind === 'added') {
      hasLines = true;
      const isHead = file.isNew && part.line !== undefined && part.line <= HEAD_LINES;
      if (isHead) head.push(part.text.slice(0, MAX_LINE_CHARACTERS));
      return NO_FINDINGS;
    }
    const isChecked = hasLines && isNewSource(file);
    const findings = isChecked && !isLicensed() ? [MISSING] : NO_FINDINGS;
    head = [];
    hasLines = false;
    return findings;
  };
}

function isNewSource({ isNew, isRemoved, path }: DiffFile): boolean {
  return isNew && !isRemoved && SOURCE.test(path);
}

/** Returns lines without the marks of comments around them, so that each language can write the same header. */
function plain(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^[\s/*#;%<>!"'-]{1,100}/, '').trimEnd())
    .map((line) => line.replace(/(?:\*\/|-->)$/, '').trimEnd())
    .join('\n');
}
