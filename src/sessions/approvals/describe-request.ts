import type { AgentRequest } from '../../conversation/ports/agent.ts';
import type { Approval } from './pending-approvals.ts';

const TITLES: Readonly<Record<AgentRequest['kind'], string>> = {
  edit: 'Allow workspace edit?',
  command: 'Allow command execution?',
  question: 'Codex has a question',
  permission: 'Allow further permissions?',
  tool: 'Allow tool action?',
};

/** Returns a request as clients see it. */
export function describeRequest(
  request: AgentRequest,
  { diff, timeoutMs }: { readonly diff: string | undefined; readonly timeoutMs: number },
): Approval {
  const { id, kind, method, turnId, payload } = request;
  const now = Date.now();
  const command = kind === 'command' && typeof payload.command === 'string' ? payload.command : undefined;
  return {
    request_id: id,
    method,
    kind,
    title: TITLES[kind],
    description: typeof payload.reason === 'string' ? payload.reason : '',
    preview: diff ?? command ?? '',
    payload,
    turn_id: turnId,
    created_at: now,
    expires_at: now + timeoutMs,
    ...(diff !== undefined && { diff }),
    ...(command !== undefined && { command }),
  };
}
