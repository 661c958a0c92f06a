import { extname, join } from 'node:path';
import { GatewayError } from '../../base/errors.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { unknownUrl } from '../routing/not-found.ts';
import type { Route } from '../routing/route-group.ts';
import { CODINGS, createBuiltFiles } from './built-files.ts';
import { paramOf } from '../requests/path-param.ts';

/** The built files of the page. */
export interface ConsolePage {
  /** Folder with `index.html` and `console/assets/`. */
  readonly folder: string;
}

type ReadFile = ReturnType<typeof createBuiltFiles>;

/** Matches the names that the build gives its files: each contains a hash of the content. */
const ASSET = /^[\w-]+(?:\.[\w-]+)*\.(?:js|css|svg)$/;

/** Creates the routes of the page and its files, which contain nothing of this gateway and need no token. */
export function pageRoutes({ folder }: ConsolePage): Route[] {
  const read = createBuiltFiles();
  const showPage: Middleware = async (ctx) => {
    // Programs that ask for no page get the error that they always got.
    if (!ctx.get('accept').includes('text/html')) throw unknownUrl(ctx);
    ctx.state.record.note({ isOfPage: true });
    ctx.set('cache-control', 'no-cache');
    await sendFile(ctx, read, join(folder, 'index.html'));
  };
  const showAsset: Middleware = async (ctx) => {
    const name = paramOf(ctx, 'file');
    if (!ASSET.test(name)) throw unknownUrl(ctx);
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    await sendFile(ctx, read, join(folder, 'console/assets', name));
  };
  return [
    { method: 'get', path: '/', isPublic: true, handlers: [showPage] },
    { method: 'get', path: '/console/assets/:file', isPublic: true, handlers: [showAsset] },
  ];
}

async function sendFile(ctx: Context, read: ReadFile, path: string): Promise<void> {
  const file = await read(path).catch(() => undefined);
  if (file === undefined) {
    ctx.remove('cache-control');
    if (!path.endsWith('index.html')) throw unknownUrl(ctx);
    throw new GatewayError(
      'unknown_url',
      'The console was not built with this installation; install the package from npm, or run `npm ci` in the clone. The API is up.',
    );
  }
  ctx.vary('accept-encoding');
  ctx.set('etag', file.etag);
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const coding = file.isSmall ? 'identity' : chooseCoding(ctx);
  if (coding !== 'identity') ctx.set('content-encoding', coding);
  ctx.body = await file.encode(coding);
  ctx.type = extname(path);
}

function chooseCoding(ctx: Context): (typeof CODINGS)[number] {
  return CODINGS.find((coding) => ctx.acceptsEncodings(coding) === coding) ?? 'identity';
}
