import { GatewayError } from '../../base/errors.ts';
import type { RequestAnswer } from '../../conversation/ports/agent.ts';
import type { PendingApproval } from './pending-approvals.ts';
import { isGrantable } from './session-grants.ts';

/** Throws a `GatewayError` for an answer that does not fit the request. */
export function checkDecision(
  { request, approval }: PendingApproval,
  { decision, answers }: RequestAnswer,
): void {
  const isUnsandboxed = approval.unsandboxed ?? false;
  if (decision === 'allow_session' && request.kind !== 'question' && !isGrantable(request, isUnsandboxed))
    throw new GatewayError('invalid_value', 'This request can be allowed once, not for the session.');
  if (request.kind !== 'question' || decision === 'deny' || decision === 'cancel') return;
  const missing = questionIds(request.payload.questions).find((id) => answers?.[id] === undefined);
  if (missing !== undefined)
    throw new GatewayError(
      'missing_parameter',
      `The question '${missing}' has no answer in "answers": {"${missing}": ["…"]}.`,
    );
}

function questionIds(questions: unknown): string[] {
  if (!Array.isArray(questions)) return [];
  return (questions as readonly { readonly id?: unknown }[]).map(({ id }) => String(id));
}
