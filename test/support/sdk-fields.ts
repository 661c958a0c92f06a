import { readFileSync } from 'node:fs';

/** The fields of an interface as the official SDK declares it; `file` is a path below its `resources`. */
export function sdkFields(file: string, name: string): string[] {
  const text = readFileSync(new URL(`../../node_modules/openai/resources/${file}`, import.meta.url), 'utf8');
  const start = text.indexOf(`export interface ${name} {`);
  const body = text.slice(start, text.indexOf('\n}', start));
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map((match) => match[1]!);
}
