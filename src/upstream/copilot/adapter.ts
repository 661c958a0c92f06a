import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../base/errors.ts';
import { createCredentials } from './auth/credentials.ts';
import type { CopilotOptions } from './copilot-options.ts';
import { prepareRequest, type IncomingRequest } from './request/prepare-request.ts';
import { createHttpClient, type HttpResponse } from './transport/http-client.ts';
import { PUBLIC_BASE } from './transport/urls.ts';

/** GitHub Copilot's Responses endpoint: bytes go up and come back as they are. */
export interface CopilotAdapter {
  /** Sends a request to `/responses`; rejects with a `GatewayError` for errors of the adapter itself. */
  respond(request: IncomingRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Returns the URL of the requests of one kind, as far as it is known without a question to GitHub. */
  knownUrl(path: 'responses' | 'models'): string;
  /** Resolves to the list of models, which is OpenAI's and Codex's in one. */
  listModels(signal: AbortSignal, incoming?: string): Promise<object>;
  /** Resolves to true if someone is signed in to Copilot on this machine. */
  isSignedIn(): Promise<boolean>;
  close(): Promise<void>;
}

export function createCopilotAdapter(options: CopilotOptions): CopilotAdapter {
  const { urls, headersTimeoutMs, idleTimeoutMs, command } = options;
  const http = createHttpClient(options.http);
  const credentials = createCredentials(options.credentials, command);
  const knownUrl = (path: 'responses' | 'models') => urls[path] ?? `${urls.base ?? PUBLIC_BASE}/${path}`;
  return {
    knownUrl,
    async respond(request, signal) {
      const prepared = await prepareRequest(request, options.request);
      if (prepared.model !== undefined) request.onModel?.(prepared.model);
      const { bearer } = await credentials.current(signal, request.authorization);
      return await http.send({
        method: 'POST',
        url: knownUrl('responses'),
        headers: { ...prepared.headers, authorization: `Bearer ${bearer}`, 'x-request-id': randomUUID() },
        body: prepared.body,
        signal,
        headersTimeoutMs,
        idleTimeoutMs,
      });
    },
    async listModels() {
      throw new GatewayError('upstream_request_failed', 'The list of models cannot be read.');
    },
    isSignedIn: credentials.isSignedIn,
    close: http.close,
  };
}
