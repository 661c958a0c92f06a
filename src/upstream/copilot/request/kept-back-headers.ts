import { HOP_BY_HOP } from '../transport/hop-by-hop.ts';

/** Headers that are sent upstream with a value of their own or not at all, even if a setting names them. */
export const KEPT_BACK_HEADERS: ReadonlySet<string> = new Set([
  // secrets of the caller, and what Codex knows about its folder
  'authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'x-codex-turn-metadata',
  // decided for each request
  'x-initiator',
  'x-request-id',
  // made for each connection
  'content-length',
  'expect',
  'host',
  ...HOP_BY_HOP,
]);
