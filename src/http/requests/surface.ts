import type { RequestState } from './context.ts';

/** Rules of a part of the gateway for its requests, which hold before they are routed. */
export interface Surface {
  readonly encodeError: RequestState['encodeError'];
  /** Set if errors of the checks that come before every route have the shape of the surface as well. */
  readonly encodesEarlyErrors?: boolean;
  /** Set if a client may choose the id of its request, by the header `X-Request-Id`. */
  readonly takesRequestId?: boolean;
}

/** Returns the surface that a path belongs to. */
export type FindSurface = (path: string) => Surface | undefined;
