import { decodeTurnQuery, decodeUndo } from '../../sessions/requests/turn-requests.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { paramOf } from '../requests/path-param.ts';
import type { Route } from '../routing/route-group.ts';
import { answerSession, ownerOf } from './session-context.ts';
import type { SessionService } from './session-service.ts';

/** Creates the routes about what a session changed on disk. */
export function changeRoutes({ sessions }: SessionService): Route[] {
  const find = (ctx: Context) => sessions.find(paramOf(ctx, 'id'), ownerOf(ctx));

  const showDiff: Middleware = async (ctx) => {
    const session = await find(ctx);
    const turnId = decodeTurnQuery(ctx.query);
    const { diff, files, undoSkipped } = await session.diff(turnId);
    const shown = files.map(({ isBinary, isTooLarge, ...file }) => ({
      ...file,
      ...(isBinary && { binary: true }),
      ...(isTooLarge && { too_large: true }),
    }));
    ctx.body = { ok: true, turn_id: turnId ?? null, diff, files: shown, undo_skipped: undoSkipped };
  };
  const undo: Middleware = async (ctx) => {
    const session = await find(ctx);
    const { turnIds, files } = await session.undo(decodeUndo(ctx.request.body));
    answerSession(ctx, 200, session, { turn_ids: turnIds, files });
  };

  return [
    { method: 'get', path: '/chat/sessions/:id/diff', handlers: [showDiff] },
    { method: 'post', path: '/chat/sessions/:id/undo', body: 'parsed-of-any-type', handlers: [undo] },
  ];
}
