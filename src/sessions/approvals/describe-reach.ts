import { quoteForeign } from '../../base/harmless-text.ts';
import { isJsonObject } from '../../base/json.ts';
import type { AgentRequest } from '../../conversation/ports/agent.ts';

/** Maximum characters of a path on every system. */
const MAX_PATH_LENGTH = 4096;

/**
 * Returns what a request that leaves the sandbox can do once it is allowed. One that names what it asks for gets that; another one can
 * write anywhere, but Codex keeps it from the network.
 */
export function describeReach({ kind, payload }: AgentRequest): string {
  const named = kind === 'permission' ? payload.permissions : payload.additionalPermissions;
  const { network, fileSystem } = isJsonObject(named) ? named : {};
  const rights = [
    ...(isJsonObject(network) && network.enabled === true ? ['use the network'] : []),
    ...(isJsonObject(fileSystem) ? writableOf(fileSystem.entries, fileSystem.write) : []),
  ];
  if (rights.length > 0)
    return `If it is allowed, it can do more than the sandbox lets it: ${rights.join(', ')}.`;
  const end = isJsonObject(payload.networkApprovalContext)
    ? ' and use the network'
    : ', but not use the network';
  return `If it is allowed, it runs outside the sandbox: it can write anywhere${end}.`;
}

function writableOf(entries: unknown, paths: unknown): string[] {
  const named: unknown[] = Array.isArray(entries)
    ? entries.flatMap((entry) =>
        isJsonObject(entry) && entry.access === 'write' ? [pathOf(entry.path)] : [],
      )
    : Array.isArray(paths)
      ? paths
      : [];
  return [...new Set(named)].map((path) =>
    typeof path === 'string' ? `write in ${quoteForeign(path, MAX_PATH_LENGTH)}` : 'write anywhere',
  );
}

/** Returns the path that an entry names; undefined for any other way to name places. */
function pathOf(path: unknown): unknown {
  return isJsonObject(path) ? path.path : undefined;
}
