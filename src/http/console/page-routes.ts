import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../base/errors.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { notFound } from '../routing/not-found.ts';
import type { Route } from '../routing/route-group.ts';
import { paramOf } from '../requests/path-param.ts';

/** The built files of the page. */
export interface ConsolePage {
  /** Folder with `index.html` and `console/assets/`. */
  readonly folder: string;
}

/** Matches the names that the build gives its files: each contains a hash of the content. */
const ASSET = /^[\w-]+(?:\.[\w-]+)*\.(?:js|css|svg)$/;

/** Creates the routes of the page and its files, which contain nothing of this gateway and need no token. */
export function pageRoutes({ folder }: ConsolePage): Route[] {
  const showPage: Middleware = async (ctx) => {
    // Programs that ask for no page get the error that they always got.
    if (!ctx.get('accept').includes('text/html')) throw notFound(ctx);
    ctx.set('cache-control', 'no-cache');
    await sendFile(ctx, join(folder, 'index.html'), 'html');
  };
  const showAsset: Middleware = async (ctx) => {
    const name = paramOf(ctx, 'file');
    if (!ASSET.test(name)) throw notFound(ctx);
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    await sendFile(ctx, join(folder, 'console/assets', name), name.split('.').at(-1)!);
  };
  return [
    { method: 'get', path: '/', isPublic: true, handlers: [showPage] },
    { method: 'get', path: '/console/assets/:file', isPublic: true, handlers: [showAsset] },
  ];
}

async function sendFile(ctx: Context, path: string, type: string): Promise<void> {
  try {
    ctx.body = await readFile(path);
    ctx.type = type;
  } catch {
    ctx.remove('cache-control');
    if (!path.endsWith('index.html')) throw notFound(ctx);
    throw new GatewayError(
      'unknown_url',
      'The console was not built with this installation; install the package from npm, or run `npm ci` in the clone. The API is up.',
    );
  }
}
