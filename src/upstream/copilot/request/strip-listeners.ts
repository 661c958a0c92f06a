import type { EntryListener, Quoted } from './container-stack.ts';
import { createEntryCuts, type Cut } from './entry-cuts.ts';
import { isQuoted, readQuoted } from './read-quoted.ts';

/** Key of the metadata of a turn in `client_metadata`, and name of the header that has them as well. */
export const TURN_METADATA = 'x-codex-turn-metadata';

/** Listens to a list of tools; adds the ranges by which those that search the web are taken out. */
export function listenToTools(body: Buffer, cuts: Cut[]): EntryListener {
  const entries = createEntryCuts(cuts);
  let type: string | undefined;
  return {
    of: 'array',
    begin(start) {
      entries.begin(start);
      type = undefined;
      return listenToType(body, (found) => (type = found));
    },
    end: (end) => entries.end(end, isSearchType(type)),
    close: entries.close,
  };
}

/** Listens to the `type` of an object. */
export function listenToType(body: Buffer, hear: (type: string | undefined) => void): EntryListener {
  let key: Quoted | undefined;
  return {
    of: 'object',
    begin(_start, quoted) {
      key = quoted;
      return undefined;
    },
    end(_end, value) {
      if (isQuoted(body, key, 'type')) hear(value && readQuoted(body, value));
    },
  };
}

/** Listens to `client_metadata`; adds the ranges by which the metadata of a turn are taken out. */
export function listenToClientMetadata(body: Buffer, cuts: Cut[]): EntryListener {
  const entries = createEntryCuts(cuts);
  let key: Quoted | undefined;
  return {
    of: 'object',
    begin(start, quoted) {
      key = quoted;
      entries.begin(start);
      return undefined;
    },
    end: (end) => entries.end(end, isQuoted(body, key, TURN_METADATA)),
    close: entries.close,
  };
}

/** Returns true for the type of a tool that searches the web. */
export function isSearchType(type: string | undefined): boolean {
  return type?.startsWith('web_search') ?? false;
}
