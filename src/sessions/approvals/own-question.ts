import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { AgentRequest, RequestAnswer } from '../../conversation/ports/agent.ts';

/** Name by which an agent has the gateway's own tools. */
export const TOOL_SERVER = 'gateway_tools';

/** Returns true for a question of one of the gateway's own tools, which asks before it changes anything. */
export function isOwnQuestion({ kind, payload }: AgentRequest): boolean {
  return kind === 'tool' && payload.serverName === TOOL_SERVER && confirms(payload);
}

/** Returns the name of a tool of the gateway that Codex asks about; undefined for any other request. */
export function ownToolOf({ kind, payload }: AgentRequest): string | undefined {
  const { serverName, _meta: meta } = payload;
  if (kind !== 'tool' || serverName !== TOOL_SERVER || !isJsonObject(meta)) return undefined;
  if (meta.codex_approval_kind !== 'mcp_tool_call' || typeof meta.tool_name !== 'string') return undefined;
  return meta.tool_name;
}

/** Returns an answer with what the request needs: allowing a form that asks for nothing but a confirmation is that. */
export function completeAnswer({ kind, payload }: AgentRequest, answer: RequestAnswer): RequestAnswer {
  const isAllowed = answer.decision === 'allow' || answer.decision === 'allow_session';
  if (kind !== 'tool' || !isAllowed || answer.content !== undefined || !confirms(payload)) return answer;
  return { ...answer, content: { confirm: true } };
}

function confirms({ requestedSchema: schema }: JsonObject): boolean {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return false;
  const { confirm, ...further } = schema.properties;
  return isJsonObject(confirm) && confirm.type === 'boolean' && Object.keys(further).length === 0;
}
