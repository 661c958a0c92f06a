import { extname } from 'node:path';

/** The URL of a worker's module beside this one, which is compiled where this one is. */
export function entryUrl(name: string): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}
