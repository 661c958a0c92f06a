import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

export interface HttpClientOptions {
  /** Proxies as the environment names them. */
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds until the headers of the answer. */
  readonly headersTimeoutMs: number;
  /** Milliseconds without a byte of the answer. */
  readonly idleTimeoutMs: number;
}

/** An answer as it arrives: its bytes are not decoded. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a header that came several times is a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** The one way to GitHub and Copilot. */
export interface HttpClient {
  /** Rejects with undici's own error, or the signal's reason. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  let loading: Promise<{ dispatcher: Dispatcher }> | undefined;
  async function load() {
    const { EnvHttpProxyAgent } = await import('undici');
    const { httpProxy = '', httpsProxy = '', noProxy = '' } = options;
    return { dispatcher: new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy }) };
  }
  return {
    async send({ url, headersTimeoutMs, idleTimeoutMs, headers, body, method, signal }) {
      loading ??= load();
      const { dispatcher } = await loading;
      const { origin, pathname, search } = new URL(url);
      const answer = await dispatcher.request({
        method,
        signal,
        body: body ?? null,
        origin,
        path: `${pathname}${search}`,
        headers: { ...headers },
        headersTimeout: headersTimeoutMs,
        bodyTimeout: idleTimeoutMs,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    async close() {
      await (await loading)?.dispatcher.destroy();
    },
  };
}
