import type { IncomingHttpHeaders } from 'node:http';

export interface RequestOptions {
  readonly identity: 'editor' | 'gateway';
  /** Headers that replace or, as null, remove those of the identity. */
  readonly headers: Readonly<Record<string, string | null>>;
  /** Names of further headers of the caller that go up. */
  readonly forwardHeaders: readonly string[];
  readonly editorVersion: string;
  readonly chatVersion: string;
  readonly apiVersion: string;
  readonly stripWebSearch: boolean;
  readonly stripTurnMetadata: boolean;
  /** Version of this program. */
  readonly version: string;
}

/** A request as the client has sent it. */
export interface IncomingRequest {
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body, with their content-encoding. */
  readonly body: Buffer;
  /** The `Authorization` header, if it is not the gateway's own token. */
  readonly authorization?: string | undefined;
  /** Value of `X-Initiator` for a request of the gateway itself. */
  readonly initiator?: 'user' | 'agent' | undefined;
  /** Called with the model of the body as soon as that is known. */
  readonly onModel?: ((model: string) => void) | undefined;
}

/** A request as it goes up, apart from `authorization` and `x-request-id`. */
export interface PreparedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The model of the body; undefined if none can be read. */
  readonly model: string | undefined;
  /** Names of what was taken out of the body. */
  readonly stripped: readonly string[];
}

export async function prepareRequest(
  request: IncomingRequest,
  options: RequestOptions,
): Promise<PreparedRequest> {
  void options;
  const { headers, body } = request;
  return {
    headers: {
      'content-type': headers['content-type'] ?? 'application/json',
      accept: headers.accept ?? 'text/event-stream',
    },
    body,
    model: undefined,
    stripped: [],
  };
}
