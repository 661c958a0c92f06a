import { randomUUID } from 'node:crypto';
import { abortable } from '../../base/async/abort.ts';
import type { Credential } from './auth/credential.ts';
import type { Credentials } from './auth/credentials.ts';
import type { CopilotOptions } from './copilot-options.ts';
import type { RequestDiagnostics } from './diagnostics/request-diagnostics.ts';
import type { PreparedRequest } from './request/prepare-request.ts';
import type { Endpoints } from './transport/endpoints.ts';
import { discard, type HttpClient, type HttpResponse } from './transport/http-client.ts';
import { limitError } from './transport/limit-error.ts';
import { nextWait } from './transport/rate-limit.ts';

/** Everything that an attempt needs. */
export interface SenderParts {
  readonly http: HttpClient;
  readonly endpoints: Endpoints;
  readonly credentials: Pick<Credentials, 'current' | 'renew'>;
  readonly options: CopilotOptions;
  readonly diagnostics: RequestDiagnostics;
}

/**
 * Sends a request to `/responses` until there is an answer for the client: one 401 makes another credential, and 429
 * is waited out within the budget. The body is the same each time.
 */
export async function sendRequest(
  { http, endpoints, credentials, options, diagnostics }: SenderParts,
  prepared: PreparedRequest,
  incoming: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { headersTimeoutMs, idleTimeoutMs, observer } = options;
  const waits = { count: 0, totalMs: 0 };
  let credential = await credentials.current(signal, incoming);
  diagnostics.authResolved(credential);
  let mayRenew = true;
  for (;;) {
    const url = await endpoints.locate('responses', credential, signal);
    prepared.markSent();
    diagnostics.attempt(url);
    const answer = await http.send({
      method: 'POST',
      url,
      headers: attemptHeaders(prepared.headers, credential, options),
      body: prepared.body,
      signal,
      headersTimeoutMs,
      idleTimeoutMs,
    });
    if (answer.status === 401 && mayRenew) {
      mayRenew = false;
      const other = await credentials.renew(credential, signal).catch((error: unknown) => {
        discard(answer);
        throw error;
      });
      if (other === undefined) return answer;
      discard(answer);
      credential = other;
      diagnostics.authResolved(credential);
    } else if (answer.status === 429 || answer.status === 402) {
      discard(answer);
      if (answer.status === 402) throw limitError(answer);
      const wait = nextWait(answer.headers, waits, options.rateLimit);
      const { isTooLong, sleepMs } = wait;
      diagnostics.rateLimited({
        ...wait,
        earlierMs: waits.totalMs,
        budgetMs: options.rateLimit.budgetMs,
        headers: answer.headers,
      });
      if (isTooLong) throw limitError(answer);
      observer.observe({ type: 'copilot-rate-limited', waitMs: sleepMs, attempt: waits.count + 1 });
      await sleep(sleepMs, signal);
      waits.count += 1;
      waits.totalMs += sleepMs;
    } else {
      return answer;
    }
  }
}

/** Returns the headers of one attempt: those of the request, the token, and a new id. */
export function attemptHeaders(
  headers: Readonly<Record<string, string>>,
  { bearer, integrationId }: Credential,
  { request }: Pick<CopilotOptions, 'request'>,
): Record<string, string> {
  const isIntegrationSet = request.headers['copilot-integration-id'] !== undefined;
  return {
    ...headers,
    ...(integrationId !== undefined && !isIntegrationSet && { 'copilot-integration-id': integrationId }),
    authorization: `Bearer ${bearer}`,
    'x-request-id': randomUUID(),
  };
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await abortable(promise, signal).finally(() => clearTimeout(timer));
}
