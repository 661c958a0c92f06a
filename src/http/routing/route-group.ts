import type { Scope } from '../../base/scopes.ts';
import type { TokenHeaders } from '../middleware/authenticate.ts';
import type { BodyForm } from '../middleware/read-body.ts';
import type { Middleware } from '../requests/context.ts';
import type { Surface } from '../requests/surface.ts';
import type { FarewellToCaller } from '../requests/watch-tokens.ts';

/** A surface of the gateway: its routes, the spellings of their paths, and the shape of its errors. */
export interface RouteGroup extends Surface {
  readonly name: string;
  /** The scope that a token needs for the group. */
  readonly scope: Scope;
  readonly routes: readonly Route[];
  /** Loads further routes with the first request of the group. */
  loadRoutes?(): Promise<readonly Route[]>;
  /** Returns the path by which the group routes a request; undefined for a path that does not belong to it. */
  resolve(path: string): ResolvedPath | undefined;
  /** Runs around everything that is done with a request, its checks included. */
  readonly around?: Middleware;
  /** Headers that may contain the token; by default the first of them that a request has. */
  readonly tokenHeaders?: TokenHeaders;
  /** Says farewell to a caller whose token does not hold any more, before its running requests are ended. */
  readonly onLost?: FarewellToCaller;
  /** A further response header with the id of the request. */
  readonly requestIdHeader?: string;
  /** Returns a sentence that says why a path of the group has no route; undefined if there is nothing to say. */
  explainMissing?(path: string): string | undefined;
  /** A sentence that says what lists the paths of the group, if that is not the page about all of them. */
  readonly listedBy?: string;
}

export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** Pattern of the resolved path. */
  readonly path: string;
  /** Form in which the handlers get the body; without it, no body is read. */
  readonly body?: BodyForm;
  /** Maximum bytes of the body, if that is less than usual. */
  readonly bodyLimitBytes?: number;
  readonly handlers: readonly Middleware[];
  /** The scope that a token needs, if it is another one than that of the group. */
  readonly scope?: Scope;
  /** True for a route that is also for browsers that may only look, although it is not one of `GET`; false for one of `GET` that is not. */
  readonly isForReaders?: boolean;
  /** Set for a route that needs no token. */
  readonly isPublic?: boolean;
}

export interface ResolvedPath {
  readonly path: string;
  /** The model that the path names, for a body that names none. */
  readonly deployment?: string;
}
