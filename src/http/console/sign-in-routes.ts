import { GatewayError } from '../../base/errors.ts';
import { MAIN_TOKEN, SCOPES, type Scope } from '../../base/scopes.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import type { Browsers } from '../../console/sign-in/browsers.ts';
import {
  codeRequestSchema,
  signInSchema,
  type Me,
  type SignedIn,
  type WayIn,
} from '../../console/contract/sign-in.ts';
import { CODE_SECONDS } from '../../console/sign-in/sign-in-codes.ts';
import { readConsoleCookie, requireOwnPage, setConsoleCookie } from '../requests/console-cookie.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { TokenChecks } from '../requests/token-checks.ts';
import type { Route } from '../routing/route-group.ts';
import { parseBodyBy } from './parse-body-by.ts';

export interface SignInOptions {
  open(): Promise<ConsoleService>;
  /** Undefined for a server without a token. */
  readonly tokens: Pick<TokenChecks, 'identify'> | undefined;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
  /** True for the demo. */
  readonly isDemo: boolean;
}

const SIGN_IN = {
  method: 'post',
  path: '/console/sign-in',
  body: 'parsed',
  // It comes from anybody: larger ones would take the room for the bodies of callers.
  bodyLimitBytes: 4_096,
  isPublic: true,
} as const;

/** Creates the routes by which a browser signs in and out. */
export function signInRoutes({ open, command, isDemo, tokens }: SignInOptions): Route[] {
  const makeCode: Middleware = async (ctx) => {
    const { scopes, read_only: isReadOnly } = parseBodyBy(codeRequestSchema, ctx);
    const { caller } = ctx.state;
    if (caller?.browser) throw new GatewayError('missing_scope', 'A browser cannot sign in another one.');
    const wanted = new Set<Scope>(['console', ...scopes]);
    const allowed = SCOPES.filter((scope) => wanted.has(scope) && (caller?.scopes.includes(scope) ?? true));
    const { codes, note } = await open();
    const code = codes.make({ owner: caller?.id ?? MAIN_TOKEN, scopes: allowed, isReadOnly });
    ctx.body = { code, expires_in: CODE_SECONDS };
    note({ what: 'link-made', by: caller?.name ?? MAIN_TOKEN });
  };

  const signIn: Middleware = async (ctx) => {
    requireOwnPage(ctx);
    const { code } = parseBodyBy(signInSchema, ctx);
    const { codes, browsers } = await open();
    const grant = codes.take(code);
    if (grant === undefined)
      throw browsers.judgeGuess(ctx.state.clientAddress) ? signInFailed(command) : tooManyCodes();
    await signOutEarlier(ctx, browsers);
    const { token, pageKey, maxAgeSeconds } = await browsers.signIn(grant);
    setConsoleCookie(ctx, token, maxAgeSeconds);
    ctx.body = { page_key: pageKey } satisfies SignedIn;
  };

  /** Signs out what this browser was before, which nobody could use any more. */
  async function signOutEarlier(ctx: Context, browsers: Browsers): Promise<void> {
    const earlier = readConsoleCookie(ctx);
    if (earlier === undefined || tokens === undefined) return;
    const { token, pageKey } = earlier;
    try {
      const { name } = await tokens.identify({ keys: [token], pageKey, address: ctx.state.clientAddress });
      await browsers.signOut(name);
    } catch {
      // It was signed out already.
    }
  }

  const signOut: Middleware = async (ctx) => {
    const { caller } = ctx.state;
    if (caller?.browser) await (await open()).browsers.signOut(caller.name);
    setConsoleCookie(ctx, '', 0);
    ctx.status = 204;
  };

  const showMe: Middleware = async (ctx) => {
    const { name = MAIN_TOKEN, scopes = [], browser } = ctx.state.caller ?? {};
    const { version } = await open();
    ctx.body = { name, scopes: [...scopes], read_only: browser?.isReadOnly ?? false, version } satisfies Me;
  };

  return [
    wayInRoute({ command, isDemo }),
    { method: 'post', path: '/console/codes', body: 'parsed', handlers: [makeCode] },
    { ...SIGN_IN, handlers: [signIn] },
    { method: 'post', path: '/console/sign-out', isForReaders: true, handlers: [signOut] },
    { method: 'get', path: '/console/me', handlers: [showMe] },
  ];
}

/** Creates the route that says to anybody how to get in. */
function wayInRoute({ command, isDemo }: Pick<SignInOptions, 'command' | 'isDemo'>): Route {
  const wayIn: WayIn = { open: `${command} open${isDemo ? ' --demo' : ''}`, is_demo: isDemo };
  const showWayIn: Middleware = (ctx) => void (ctx.body = wayIn);
  return { method: 'get', path: '/console/way-in', isPublic: true, handlers: [showWayIn] };
}

function signInFailed(command: string): GatewayError {
  return new GatewayError(
    'sign_in_failed',
    `This link was used before, or is older than a minute. Run \`${command} open\` for another one.`,
  );
}

function tooManyCodes(): GatewayError {
  return new GatewayError(
    'too_many_guesses',
    'Too many wrong links came from your address. Try again later.',
    {
      retryAfter: 1,
    },
  );
}
