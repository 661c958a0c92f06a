import type { IncomingHttpHeaders } from 'node:http';
import { identityHeaders, type Identity } from '../transport/identity.ts';
import { KEPT_BACK_HEADERS } from './kept-back-headers.ts';

export interface HeaderOptions extends Identity {
  /** Headers that replace or, as null, remove those of the identity. */
  readonly headers: Readonly<Record<string, string | null>>;
  /** Names of further headers of the caller that are sent upstream. */
  readonly forwardHeaders: readonly string[];
  readonly apiVersion: string;
}

/** Headers of Codex that are sent upstream. */
export const CODEX_HEADERS = [
  'x-client-request-id',
  'session-id',
  'thread-id',
  'x-codex-window-id',
  'x-codex-beta-features',
  'x-codex-parent-thread-id',
  'x-codex-sandbox',
  'x-openai-subagent',
];

/** Headers of the caller that are sent upstream. */
const FORWARDED = ['content-type', 'content-encoding', 'accept', 'accept-encoding', ...CODEX_HEADERS];

/** Returns the headers of a request to Copilot, apart from those that the content of the request decides. */
export function upstreamHeaders(
  incoming: IncomingHttpHeaders,
  options: HeaderOptions,
): Record<string, string> {
  const headers: Record<string, string> = { accept: 'text/event-stream', ...usualHeaders(options) };
  const names = [...FORWARDED, ...options.forwardHeaders.map((name) => name.toLowerCase())];
  for (const name of names) {
    if (KEPT_BACK_HEADERS.has(name) || !Object.hasOwn(incoming, name)) continue;
    headers[name] = [incoming[name] ?? ''].flat().join(', ');
  }
  return headers;
}

/** Returns the headers of a request for the list of models, apart from `accept`. */
export function listHeaders(options: HeaderOptions): Record<string, string> {
  return applyOwnHeaders({ ...usualHeaders(options), 'openai-intent': 'model-access' }, options.headers);
}

/** Replaces and removes headers as a setting says. */
export function applyOwnHeaders(
  headers: Readonly<Record<string, string>>,
  own: HeaderOptions['headers'],
): Record<string, string> {
  const result: Record<string, string> = { ...headers };
  for (const [name, value] of Object.entries(own)) {
    const key = name.toLowerCase();
    if (KEPT_BACK_HEADERS.has(key)) continue;
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}

/** Returns the headers that all requests to Copilot have. */
function usualHeaders(options: HeaderOptions): Record<string, string> {
  return {
    'openai-intent': 'conversation-agent',
    'x-github-api-version': options.apiVersion,
    ...identityHeaders(options),
    ...(options.identity === 'editor' && {
      'copilot-integration-id': 'vscode-chat',
      'x-vscode-user-agent-library-version': 'electron-fetch',
    }),
  };
}
