import { GatewayError } from '../../base/errors.ts';
import { checkAttachments } from '../../sessions/attachments/attachment.ts';
import { decodeApprovalAnswer } from '../../sessions/requests/approval-answer.ts';
import { decodeMessage } from '../../sessions/requests/message.ts';
import { decodeNewSession } from '../../sessions/requests/new-session.ts';
import type { NewSession } from '../../sessions/session-options.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import { fingerprint } from '../requests/fingerprint.ts';
import { readIdempotencyKey } from '../requests/idempotency-key.ts';
import type { Route } from '../routing/route-group.ts';
import { answerSession, ownerOf, resolveWorkspace } from './session-context.ts';
import type { SessionService } from './session-service.ts';

/** Creates the routes of sessions, their messages and their approvals. */
export function chatRoutes(service: SessionService): Route[] {
  const { sessions, providers } = service;
  const find = (ctx: Context) => sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));

  const create: Middleware = async (ctx) => {
    const owner = ownerOf(ctx);
    const { provider: fields, workspace, threadId, model, ...rest } = decodeNewSession(ctx.request.body);
    if (rest.tools) requireTools(ctx);
    const config = providers.configOf(owner);
    const place = await choosePlace(service, ctx, { workspace, threadId });
    const id = crypto.randomUUID();
    const provider = await providers.choose({ id, owner }, fields);
    const choices = { ...rest, id, owner, provider, threadId, ...place };
    const usual = config.model === '' ? undefined : config.model;
    try {
      answerSession(ctx, 201, await sessions.create({ ...choices, model: model ?? usual }));
    } catch (error) {
      providers.forget(id);
      throw error;
    }
  };
  const show: Middleware = async (ctx) => answerSession(ctx, 200, await find(ctx));
  const send: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { providerKey, ...message } = decodeMessage(ctx.request.body);
    const key = readIdempotencyKey(ctx);
    await checkAttachments(message.attachments);
    const sent = key === undefined ? undefined : { key, digest: await fingerprint(message) };
    if (providerKey !== undefined) providers.giveKey(session.id, providerKey);
    await providers.resolve(session.choices);
    const { queuePosition, messageId, turnId } = await session.send({ ...message, sent });
    answerSession(ctx, 202, session, {
      queued: queuePosition > 0,
      queue_position: queuePosition,
      message_id: messageId,
      turn_id: turnId,
      bridge_load: sessions.load(),
    });
  };
  const approve: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { requestId, answer: given } = decodeApprovalAnswer(ctx.request.body);
    await session.answer(requestId, given);
    answerSession(ctx, 202, session);
  };

  return [
    { method: 'post', path: '/chat/sessions', body: 'parsed-of-any-type', handlers: [create] },
    { method: 'get', path: '/chat/sessions/:id', handlers: [show] },
    {
      method: 'post',
      path: '/chat/sessions/:id/messages',
      body: 'parsed-of-any-type',
      handlers: [withLoad(service), send],
    },
    { method: 'post', path: '/chat/sessions/:id/approvals', body: 'parsed-of-any-type', handlers: [approve] },
  ];
}

/** Throws if the caller's own token lacks the tools: a session gives nobody more than that. */
function requireTools({ state: { caller } }: Context): void {
  if (caller?.scopes.includes('tools') ?? true) return;
  throw new GatewayError(
    'missing_scope',
    "You have insufficient permissions for this operation. Missing scopes: tools, for a session with 'tools': true.",
    { param: 'tools' },
  );
}

interface WorkspaceWish {
  readonly workspace: string | undefined;
  readonly threadId: string | undefined;
}

/** Resolves to the folder of a new session: a thread that exists keeps its own, and its title. */
async function choosePlace(
  { providers, roots, threads }: SessionService,
  ctx: Context,
  { workspace, threadId }: WorkspaceWish,
): Promise<Pick<NewSession, 'title' | 'workspace'>> {
  const usual = providers.configOf(ownerOf(ctx)).workspace;
  if (threadId === undefined) return { workspace: await resolveWorkspace(roots, workspace ?? usual) };
  const thread = await threads.findThread(threadId, ctx.state.signal);
  if (thread === undefined)
    throw new GatewayError('thread_not_found', 'Codex keeps no thread with this id.', {
      param: 'thread_id',
    });
  const folder = await resolveWorkspace(roots, thread.workspace);
  const isSame = workspace === undefined || (await resolveWorkspace(roots, workspace)) === folder;
  if (isSame) return { workspace: folder, title: thread.title };
  const problem = "Invalid 'workspace_root': the thread works in another folder.";
  throw new GatewayError('invalid_value', problem, { param: 'workspace_root' });
}

/** Adds the load to errors, by which clients decide when to try again. */
function withLoad({ sessions }: SessionService): Middleware {
  return async (ctx, next) => {
    const { encodeError } = ctx.state;
    ctx.state.encodeError = (error) => {
      const encoded = encodeError(error);
      const isOwn = 'ok' in encoded.body;
      return isOwn ? { ...encoded, body: { ...encoded.body, bridge_load: sessions.load() } } : encoded;
    };
    await next();
  };
}
