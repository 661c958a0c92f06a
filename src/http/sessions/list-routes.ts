import {
  decodeMessageQuery,
  decodeSessionQuery,
  decodeThreadQuery,
  encodePageEnd,
} from '../../sessions/requests/list-query.ts';
import type { WorkspaceRoots } from '../../sessions/workspace/roots.ts';
import type { Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import type { Route } from '../routing/route-group.ts';
import { fillThreadPage } from './fill-thread-page.ts';
import { answerSession, ownerOf, resolveWorkspace } from './session-context.ts';
import type { SessionService } from './session-service.ts';

/** Creates the routes that list and delete sessions and what is in them. */
export function listRoutes({ sessions, providers, roots, threads }: SessionService): Route[] {
  const list: Middleware = async (ctx) => {
    const { limit, before, filter: given } = decodeSessionQuery(ctx.query);
    const filter = await withRealPath(given, roots);
    const page = await sessions.list({ owner: ownerOf(ctx), limit, before, filter });
    const next = page.next === undefined ? null : encodePageEnd(page.next);
    ctx.body = { ok: true, sessions: page.sessions, next };
  };
  const removeAll: Middleware = async (ctx) => {
    await sessions.deleteAll(ownerOf(ctx));
    ctx.status = 204;
  };
  const remove: Middleware = async (ctx) => {
    await sessions.delete(paramOf(ctx, 'id'), ownerOf(ctx));
    ctx.status = 204;
  };
  const listMessages: Middleware = async (ctx) => {
    const query = decodeMessageQuery(ctx.query);
    const session = await sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));
    ctx.body = { ok: true, ...(await session.state.messages.page(query)) };
  };
  const takeBack: Middleware = async (ctx) => {
    const session = await sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));
    await session.takeBack(paramOf(ctx, 'message_id'));
    answerSession(ctx, 200, session);
  };
  const listThreads: Middleware = async (ctx) => {
    const { workspace, limit, cursor } = decodeThreadQuery(ctx.query);
    const folder = await resolveWorkspace(roots, workspace ?? providers.configOf(ownerOf(ctx)).workspace);
    const page = await fillThreadPage(
      { workspace: folder, limit, cursor },
      {
        readThreads: async (query) => await threads.listThreads(query, ctx.state.signal),
        visible: async (ids) => await sessions.ownThreads(ids, ownerOf(ctx)),
      },
    );
    ctx.body = {
      ok: true,
      threads: page.threads.map((thread) => ({
        id: thread.id,
        title: thread.title,
        workspace_root: thread.workspace,
        provider: thread.provider,
        model: thread.model,
        created_at: thread.createdAt,
        updated_at: thread.updatedAt,
      })),
      next: page.next ?? null,
    };
  };
  return [
    { method: 'get', path: '/chat/sessions', handlers: [list] },
    { method: 'delete', path: '/chat/sessions', handlers: [removeAll] },
    { method: 'delete', path: '/chat/sessions/:id', handlers: [remove] },
    { method: 'get', path: '/chat/sessions/:id/messages', handlers: [listMessages] },
    { method: 'delete', path: '/chat/sessions/:id/messages/:message_id', handlers: [takeBack] },
    { method: 'get', path: '/chat/threads', handlers: [listThreads] },
  ];
}

/** Returns a filter with the path of the workspace as sessions have it; no session has a path that no root contains. */
async function withRealPath(filter: Readonly<Record<string, string>>, roots: WorkspaceRoots) {
  const { workspace_root: path } = filter;
  if (path === undefined) return filter;
  return { ...filter, workspace_root: await roots.resolve(path).catch(() => path) };
}
