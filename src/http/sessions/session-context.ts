import { GatewayError } from '../../base/errors.ts';
import { MAIN_TOKEN } from '../../base/scopes.ts';
import { describeSession } from '../../sessions/describe-session.ts';
import type { Session } from '../../sessions/session.ts';
import { OutsideRootsError, type WorkspaceRoots } from '../../sessions/workspace/roots.ts';
import type { Context } from '../requests/context.ts';

/** Returns the id of the caller, whose sessions nobody else sees; callers without a token are one. */
export function ownerOf(ctx: Context): string {
  return ctx.state.caller?.id ?? MAIN_TOKEN;
}

/** Answers with a session, and with further fields beside it. */
export function answerSession(ctx: Context, status: number, session: Session, further: object = {}): void {
  ctx.status = status;
  ctx.body = { ok: true, ...further, session: describeSession(session) };
}

/** Resolves to the real path of a workspace. Rejects with a `GatewayError` for one that no root contains. */
export async function resolveWorkspace(roots: WorkspaceRoots, path: string): Promise<string> {
  try {
    return await roots.resolve(path);
  } catch (error) {
    if (!(error instanceof OutsideRootsError)) throw error;
    throw new GatewayError('workspace_forbidden', error.message, { param: 'workspace_root' });
  }
}
