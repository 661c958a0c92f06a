import { randomUUID } from 'node:crypto';
import { createCredentials } from './auth/credentials.ts';
import type { CopilotOptions } from './copilot-options.ts';
import { prepareRequest, type IncomingRequest } from './request/prepare-request.ts';
import { createHttpClient, type HttpResponse } from './transport/http-client.ts';
import { PUBLIC_BASE } from './transport/urls.ts';

/** GitHub Copilot's Responses endpoint: bytes go up and come back as they are. */
export interface CopilotAdapter {
  /** Sends a request to `/responses`; rejects with a `GatewayError` for errors of the adapter itself. */
  respond(request: IncomingRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Resolves to true if someone is signed in to Copilot on this machine. */
  isSignedIn(): Promise<boolean>;
  close(): Promise<void>;
}

export function createCopilotAdapter(options: CopilotOptions): CopilotAdapter {
  const { urls, headersTimeoutMs, idleTimeoutMs, command } = options;
  const http = createHttpClient(options.http);
  const credentials = createCredentials(options.credentials, command);
  return {
    async respond(request, signal) {
      const prepared = await prepareRequest(request, options.request);
      const { bearer } = await credentials.current(signal, request.authorization);
      return await http.send({
        method: 'POST',
        url: urls.responses ?? `${urls.base ?? PUBLIC_BASE}/responses`,
        headers: { ...prepared.headers, authorization: `Bearer ${bearer}`, 'x-request-id': randomUUID() },
        body: prepared.body,
        signal,
        headersTimeoutMs,
        idleTimeoutMs,
      });
    },
    isSignedIn: credentials.isSignedIn,
    close: http.close,
  };
}
