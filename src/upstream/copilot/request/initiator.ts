import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject } from '../../../base/json.ts';
import { TURN_METADATA } from './strip-listeners.ts';

/** The party that has caused a request, as `X-Initiator` names it. */
type Initiator = 'user' | 'agent';

/** Facts about the turn of a request that Codex gives in a header. */
export interface CodexTurn {
  readonly id: string | undefined;
  /** True for a turn that no user has begun: a compaction, or the work of a sub-agent. */
  readonly isAutomatic: boolean;
}

/** Remembers which turns have had a request. */
export interface SeenTurns {
  has(id: string): boolean;
  add(id: string): void;
}

const MAX_SEEN_TURNS = 1000;

/** Longest id of a turn that is remembered. */
const MAX_ID_LENGTH = 200;

export function createSeenTurns(): SeenTurns {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      // A turn that goes on is the latest one again.
      ids.delete(id);
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MAX_SEEN_TURNS && oldest !== undefined) ids.delete(oldest);
    },
  };
}

/** Reads the metadata that Codex sends with a turn; a header that is something else gives no facts. */
export function readTurn(headers: IncomingHttpHeaders): CodexTurn {
  const metadata = parseObject(headers[TURN_METADATA]);
  const { turn_id: id, request_kind: kind, thread_source: source } = metadata;
  return {
    id: typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : undefined,
    isAutomatic: (typeof kind === 'string' && kind !== 'turn') || source === 'subagent',
  };
}

function parseObject(text: string | string[] | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(text));
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * Returns who has caused a request: the caller's own word counts first, then what Codex says about the turn, then the end of
 * the input.
 * @param isUserLast True if the input ends with a message of the user; false for a body that cannot be read.
 */
export function decideInitiator(
  headers: IncomingHttpHeaders,
  turn: CodexTurn,
  seen: SeenTurns,
  isUserLast: boolean,
): Initiator {
  const given = headers['x-initiator'];
  if (given === 'user' || given === 'agent') return given;
  const isSubagent = 'x-openai-subagent' in headers || 'x-codex-parent-thread-id' in headers;
  if (isSubagent || turn.isAutomatic || (turn.id !== undefined && seen.has(turn.id))) return 'agent';
  return isUserLast ? 'user' : 'agent';
}
