import { isJsonObject } from '../../base/json.ts';
import type { AgentRequest } from '../../conversation/ports/agent.ts';
import { ownToolOf } from './own-question.ts';

/** Requests that a person has allowed for the rest of the session. Codex does not know them, so that it goes on asking. */
export interface SessionGrants {
  add(request: AgentRequest): void;
  /** Returns true if the same files, the same command in the same folder, or the same tool of the gateway, have been allowed. */
  covers(request: AgentRequest): boolean;
}

export function createSessionGrants(): SessionGrants {
  const granted = new Set<string>();
  return {
    add(request) {
      for (const key of keysOf(request)) granted.add(key);
    },
    covers(request) {
      const keys = keysOf(request);
      return keys.length > 0 && keys.every((key) => granted.has(key));
    },
  };
}

/** Returns true for a request that can be allowed for the session. */
export function isGrantable(request: AgentRequest, isUnsandboxed: boolean): boolean {
  if (isUnsandboxed) return false;
  return isKeptByTool(request) || keysOf(request).length > 0;
}

/** Returns true if Codex itself remembers the answer, as it does for tools that offer it. */
function isKeptByTool({ kind, payload }: AgentRequest): boolean {
  const { _meta: meta } = payload;
  return kind === 'tool' && isJsonObject(meta) && [meta.persist].flat().includes('session');
}

function keysOf(request: AgentRequest): string[] {
  const { kind, changes, payload } = request;
  if (kind === 'edit') {
    const paths = changes.flatMap(({ path, kind: { movePath } }) => [path, movePath ?? path]);
    return paths.map((path) => JSON.stringify([kind, path]));
  }
  const tool = ownToolOf(request);
  if (tool !== undefined) return [JSON.stringify([kind, tool])];
  const { command, cwd } = payload;
  if (kind !== 'command' || typeof command !== 'string') return [];
  return [JSON.stringify([kind, command, cwd ?? null])];
}
