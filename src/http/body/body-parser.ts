/** Bytes of a request body, and how they are to be read. */
export interface RawBody {
  readonly blocks: readonly Uint8Array<ArrayBuffer>[];
  readonly size: number;
  /** As `checkCharset` returns it. */
  readonly charset: string;
}

/** Parses bodies without holding up the main thread; rejects with a `GatewayError` for one that cannot be read. */
export type BodyParser = (body: RawBody, signal: AbortSignal) => Promise<unknown>;
