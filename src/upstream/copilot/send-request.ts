import { randomUUID } from 'node:crypto';
import { sleep } from '../../base/async/sleep.ts';
import type { Credential } from './auth/credential.ts';
import type { Credentials } from './auth/credentials.ts';
import type { CopilotOptions } from './copilot-options.ts';
import type { RequestDiagnostics } from './diagnostics/request-diagnostics.ts';
import type { PreparedRequest } from './request/prepare-request.ts';
import type { Endpoints } from './auth/endpoints.ts';
import { discard, type HttpClient, type HttpResponse } from './transport/http-client.ts';
import { limitError } from './transport/limit-error.ts';
import { nextWait, type Waits } from './transport/rate-limit.ts';
import { describeUrl } from './transport/urls.ts';

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
  parts: SenderParts,
  prepared: PreparedRequest,
  incoming: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { credentials, diagnostics } = parts;
  const waits = { count: 0, totalMs: 0 };
  let mayRenew = true;
  let credential = await credentials.current(signal, incoming);
  diagnostics.authResolved(credential);
  for (;;) {
    const answer = await attempt(parts, prepared, credential, signal);
    if (answer.status === 401 && mayRenew) {
      mayRenew = false;
      const other = await credentials.renew(credential, signal, incoming).catch((error: unknown) => {
        discard(answer);
        throw error;
      });
      if (other === undefined) return answer;
      discard(answer);
      credential = other;
      diagnostics.authResolved(credential);
    } else if (answer.status === 429 || answer.status === 402) {
      if (answer.status === 402) diagnostics.answered(answer, signal);
      discard(answer);
      waits.totalMs += await waitOut(parts, answer, waits, signal);
      waits.count += 1;
    } else {
      return answer;
    }
  }
}

async function attempt(
  { http, endpoints, diagnostics, options }: SenderParts,
  prepared: PreparedRequest,
  credential: Credential,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const url = await endpoints.locate('responses', credential, signal);
  prepared.markSent();
  diagnostics.attempt(describeUrl(url));
  return await http.send({
    method: 'POST',
    url,
    headers: attemptHeaders(prepared.headers, credential, options),
    body: prepared.body,
    signal,
    headersTimeoutMs: options.headersTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
  });
}

/** Waits as a refused answer asks, and returns the milliseconds; rejects with the final error if that is too long. */
async function waitOut(
  { options, diagnostics }: SenderParts,
  answer: HttpResponse,
  waits: Waits,
  signal: AbortSignal,
): Promise<number> {
  if (answer.status === 402) throw limitError(answer);
  const { headers } = answer;
  const { budgetMs } = options.rateLimit;
  const wait = nextWait(headers, waits, options.rateLimit);
  diagnostics.rateLimited({ ...wait, earlierMs: waits.totalMs, budgetMs, headers });
  if (wait.isTooLong) throw limitError(answer);
  const { sleepMs } = wait;
  options.observer.observe({ type: 'copilot-rate-limited', waitMs: sleepMs, attempt: waits.count + 1 });
  await sleep(sleepMs, signal);
  return sleepMs;
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
