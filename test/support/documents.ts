import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A Markdown file of the documentation. */
export interface Document {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export function readDocument(path: string): Document {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The README and every page of `docs`. */
export const DOCUMENTS: readonly Document[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
].map(readDocument);

/** A fenced block of code. */
export interface Snippet {
  /** Page and line, to find it by. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

function snippetsOf({ path, text }: Document): Snippet[] {
  return [...text.matchAll(FENCE)].map(({ 1: language, 2: code, index }) => ({
    place: `${path}:${text.slice(0, index).split('\n').length}`,
    language: language!,
    code: code!,
  }));
}

export const SNIPPETS: readonly Snippet[] = DOCUMENTS.flatMap(snippetsOf);

export function snippetsIn(language: string): Snippet[] {
  return SNIPPETS.filter((snippet) => snippet.language === language);
}

/** Returns the code with the address and token of a gateway in place of the ones that the documentation shows. */
export function fillIn(code: string, gateway: { readonly origin: string; readonly token: string }): string {
  return code
    .replaceAll('http://127.0.0.1:8000', gateway.origin)
    .replaceAll('codex-gateway-local-…', gateway.token);
}

/** Returns the text without its blocks of code, in which `#` begins a comment. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(FENCE, '');
}

/** Returns the cells of every row of every table. */
export function rowsOf({ text }: Document): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\|? ?| ?\|?$/g, '')));
}

/** Returns what stands between backticks. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name!);
}
