import { decodeFork, decodeReview } from '../../sessions/requests/turn-requests.ts';
import { decodeSteer } from '../../sessions/requests/message.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import type { Route } from '../routing/route-group.ts';
import { answerSession, ownerOf } from './session-context.ts';
import type { SessionService } from './session-service.ts';

/** Creates the routes about the turns of a session, and the plan that they follow. */
export function turnRoutes({ sessions }: SessionService): Route[] {
  const find = (ctx: Context) => sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));

  const interrupt: Middleware = async (ctx) => {
    const session = await find(ctx);
    await session.interrupt();
    answerSession(ctx, 202, session);
  };
  const steer: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { turnId, messageId } = await session.steer({ text: decodeSteer(ctx.request.body) });
    answerSession(ctx, 202, session, { turn_id: turnId, message_id: messageId });
  };
  const review: Middleware = async (ctx) => {
    const session = await find(ctx);
    const target = decodeReview(ctx.request.body);
    const { turnId, queuePosition } = await session.start({ kind: 'review', target });
    answerSession(ctx, 202, session, { turn_id: turnId, queue_position: queuePosition });
  };
  const compact: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { turnId, queuePosition } = await session.start({ kind: 'compaction' });
    answerSession(ctx, 202, session, { turn_id: turnId, queue_position: queuePosition });
  };
  const fork: Middleware = async (ctx) => {
    const source = await find(ctx);
    answerSession(ctx, 201, await sessions.fork(source, decodeFork(ctx.request.body)));
  };
  const showPlan: Middleware = async (ctx) => {
    ctx.body = { ok: true, plan: (await find(ctx)).state.facts.plan };
  };

  const path = (name: string) => `/chat/sessions/:id/${name}`;
  const post = (name: string, handler: Middleware): Route => ({
    method: 'post',
    path: path(name),
    body: 'parsed-of-any-type',
    handlers: [handler],
  });
  return [
    post('interrupt', interrupt),
    post('cancel', interrupt),
    post('steer', steer),
    post('review', review),
    post('compact', compact),
    post('fork', fork),
    { method: 'get', path: path('plan'), handlers: [showPlan] },
  ];
}
