import type { SessionBody } from './events/session-shape.ts';
import type { Session } from './session.ts';

/** Returns a session as clients see it. */
export function describeSession(session: Session): SessionBody {
  const { state, live } = session;
  const { choices, facts, messages, events } = state;
  const { id, mode, workspace, review, sandbox, model, provider, tools = false, createdAt } = choices;
  return {
    id,
    thread_id: facts.threadId,
    status: facts.status,
    mode,
    title: facts.title,
    context: facts.context,
    messages: messages.list(),
    events: events.latest(),
    last_event_id: events.lastId,
    running: facts.status === 'running',
    pending_approval: live.approvals[0] ?? null,
    pending_approvals: live.approvals,
    last_error: facts.lastError,
    assistant_draft: live.draft,
    assistant_draft_left_out: live.draftLeftOut,
    queue_position: live.queuePosition,
    workspace_root: workspace,
    review,
    sandbox,
    tools,
    model: model ?? null,
    runtime_provider: provider.name,
    auth_mode: provider.authMode,
    provider_api_base_url: provider.baseUrl,
    created_at: createdAt,
    updated_at: state.updatedAt,
  };
}
