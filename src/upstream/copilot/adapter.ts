import { messageOf, type GatewayError } from '../../base/errors.ts';
import { reportAccount, type AccountReport } from './auth/report-sign-in.ts';
import type { CopilotOptions } from './copilot-options.ts';
import { createCopilotParts } from './copilot-parts.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics/diagnostics.ts';
import type { RequestDiagnostics } from './diagnostics/request-diagnostics.ts';
import type { ModelListBody } from './models/models.ts';
import type { CopilotModel } from './models/read-model-list.ts';
import { createRequestPreparer, type IncomingRequest } from './request/prepare-request.ts';
import { CODEX_HEADERS } from './request/upstream-headers.ts';
import { sendRequest } from './send-request.ts';
import type { HttpResponse } from './transport/http-client.ts';
import { withoutHopByHop } from './transport/hop-by-hop.ts';
import { brokenAnswer } from './transport/upstream-failure.ts';
import { describeUrl } from './transport/urls.ts';

/** An answer to be passed on. */
export interface CopilotAnswer extends HttpResponse {
  /** Returns the error to report for one that the body has, or that its reader throws. */
  explainBreak(error: unknown): GatewayError;
}

/** GitHub Copilot's Responses endpoint: its bytes pass unchanged in both directions. */
export interface CopilotAdapter {
  /** Sends a request to `/responses`; rejects with a `GatewayError` for errors of the adapter itself. */
  respond(request: IncomingRequest, signal: AbortSignal): Promise<CopilotAnswer>;
  /** Opens the diagnostics of a request, whose lines have this id. */
  openDiagnostics(id: string): Promise<RequestDiagnostics>;
  /**
   * Resolves to the URL of the requests of one kind, as far as it is known without a question to GitHub, and without its query,
   * user and password.
   */
  knownUrl(path: 'responses' | 'models'): Promise<string>;
  /** Resolves to the models that answer here, without a prefix; rejects if they were never read and cannot be read now. */
  models(signal: AbortSignal): Promise<readonly CopilotModel[]>;
  /**
   * Resolves to the list of models that is OpenAI's and Codex's in one; rejects like `models`.
   * @param incoming A caller's `Authorization` header that is not the gateway's own token.
   */
  listModels(signal: AbortSignal, incoming?: string): Promise<ModelListBody>;
  /** Resolves to true if someone is signed in to Copilot on this machine. */
  isSignedIn(): Promise<boolean>;
  /** Asks GitHub whose subscription is used. */
  account(signal: AbortSignal): Promise<AccountReport>;
  close(): Promise<void>;
}

export function createCopilotAdapter(options: CopilotOptions): CopilotAdapter {
  const { observer } = options;
  const { http, endpoints, credentials, models } = createCopilotParts(options);
  const prepareRequest = createRequestPreparer(options.request);
  const allDiagnostics = openAllDiagnostics(options);

  async function send(
    request: IncomingRequest,
    diagnostics: RequestDiagnostics,
    signal: AbortSignal,
  ): Promise<CopilotAnswer> {
    const prepared = await prepareRequest(request);
    if (prepared.model !== undefined) request.onModel?.(prepared.model);
    await models.check(prepared.model, request.authorization);
    const { stripped } = prepared;
    if (stripped.length > 0) observer.observe({ type: 'copilot-body-changed', removed: stripped });
    const parts = { http, endpoints, credentials, options, diagnostics };
    const answer = await sendRequest(parts, prepared, request.authorization, signal);
    return { ...answer, headers: withoutHopByHop(answer.headers), explainBreak: brokenAnswer };
  }

  return {
    openDiagnostics: async (id) => allDiagnostics.open(id),
    knownUrl: async (path) => describeUrl(endpoints.known(path)),
    async respond(request, signal) {
      const { headers, body, diagnostics = allDiagnostics.open() } = request;
      diagnostics.inbound({ method: 'POST', target: 'Responses', headers, bodyBytes: body.length, body });
      try {
        const answer = await send(request, diagnostics, signal);
        diagnostics.answered(answer, signal);
        return answer;
      } catch (error) {
        diagnostics.failed(error, signal);
        throw error;
      }
    },
    models: models.list,
    listModels: models.encode,
    isSignedIn: credentials.isSignedIn,
    account: async (signal) => await reportAccount({ access: { ...options, http }, credentials }, signal),
    async close() {
      await http.close();
      await allDiagnostics.close();
    },
  };
}

function openAllDiagnostics({ diagnostics, credentials, observer }: CopilotOptions): Diagnostics {
  return createDiagnostics(diagnostics, {
    codexHeaders: CODEX_HEADERS,
    secrets: [credentials.token, credentials.ghCopilotToken, credentials.copilotBearerToken],
    onLost: (error) =>
      observer.observe({ type: 'copilot-diagnostics-lost', problem: describeFileProblem(error) }),
  });
}

/** Returns the code of an error of the file system, whose message has the path. */
function describeFileProblem(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? messageOf(error);
}
