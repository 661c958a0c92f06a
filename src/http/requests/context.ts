import type { BodyKeeper } from '../../console/recording/body-log.ts';
import type { Scope } from '../../base/scopes.ts';
import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa';
import type { RequestDiagnostics } from '../../upstream/copilot/diagnostics/request-diagnostics.ts';
import type { RequestRecord } from './request-record.ts';

/** Values that the middleware passes on to the routes. */
export interface RequestState {
  /** Also sent as the response header `x-request-id`, unless the answer of another server has one. */
  requestId: string;
  /** Address of the client, as far as it is known: behind a proxy that is not trusted, that of the proxy. */
  clientAddress: string;
  /** True if the server asks for no token, so that no page and no other host may use it. */
  isOpen: boolean;
  /** Collects the fields of the request's line in the log. */
  record: RequestRecord;
  /** Aborts when the client is gone or the server gives up on it. */
  signal: AbortSignal;
  /** Ends the request with an error that says why. */
  end: (reason: unknown) => void;
  /** Encodes an error in the shape of the surface that the path belongs to. */
  encodeError: (error: unknown) => EncodedError;
  /** The access token of the caller; undefined on public routes. */
  caller?: Caller;
  /** The `Authorization` header of a request that was let in for another reason than a token in it. */
  foreignAuthorization?: string | undefined;
  /** Follows a request to the Copilot adapter. */
  diagnostics?: RequestDiagnostics;
  /** Takes the bodies of the request and of its answer, where these are held for the console. */
  keeper?: BodyKeeper;
  /** The model that the path names, as Azure's paths do. */
  deployment?: string | undefined;
}

/** An error as it is sent; each surface has a body of its own shape. */
interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The bytes of a request body, decompressed. */
export interface RawBody {
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
  /** Total bytes of the blocks. */
  readonly size: number;
  /** Name of the charset, as `checkCharset` returns it. */
  readonly charset: string;
}

/** A caller, known by its access token. */
export interface Caller {
  /** Owner of what the caller stores: another token of the same name has another one. */
  readonly id: string;
  /** Name of the token. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Set if the caller is a browser that is signed in to the console. */
  readonly browser?: { readonly id: string; readonly isReadOnly: boolean } | undefined;
}

declare module 'koa' {
  interface Request {
    /** The parsed body; undefined without one. */
    body?: unknown;
    /** The bytes of the body; present only on routes that ask for them. */
    rawBody?: RawBody;
    /** The bytes of the body as they came, on routes that ask for nothing else. */
    bytes?: Buffer;
  }
}

export type Context = ParameterizedContext<RequestState>;
export type Middleware = KoaMiddleware<RequestState>;
