import type { Session } from './session.ts';

/** Returns a session as clients see it. */
export function describeSession(session: Session) {
  const { choices, messages, events, state } = session;
  const { id, mode, context, workspace, review, sandbox, model, provider, createdAt } = choices;
  return {
    id,
    thread_id: state.threadId,
    status: state.status,
    mode,
    context,
    messages: messages.list(),
    events: events.latest(),
    running: state.status === 'running',
    pending_approval: state.approvals[0] ?? null,
    pending_approvals: state.approvals,
    last_error: state.lastError,
    assistant_draft: state.draft,
    queue_position: state.queuePosition,
    workspace_root: workspace,
    review,
    sandbox,
    model: model ?? null,
    runtime_provider: provider.name,
    auth_mode: provider.authMode,
    provider_api_base_url: provider.baseUrl,
    created_at: createdAt,
    updated_at: state.updatedAt,
  };
}
