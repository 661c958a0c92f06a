import { createCredentials, type Credentials } from './auth/credentials.ts';
import type { CopilotOptions } from './copilot-options.ts';
import { fetchModelList } from './models/fetch-model-list.ts';
import { createCopilotModels, type CopilotModels } from './models/models.ts';
import { listHeaders } from './request/upstream-headers.ts';
import { attemptHeaders } from './send-request.ts';
import { createEndpoints, type Endpoints } from './auth/endpoints.ts';
import { createHttpClient, type HttpClient } from './transport/http-client.ts';

/** The ways to GitHub and Copilot, which the adapter and the commands about a login use. */
export interface CopilotParts {
  readonly http: HttpClient;
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
  readonly models: CopilotModels;
}

/** Creates the parts. Asks nothing, and loads no HTTP client yet. */
export function createCopilotParts(options: CopilotOptions): CopilotParts {
  const { headersTimeoutMs, observer } = options;
  const http = createHttpClient(options.http);
  const endpoints = createEndpoints({ ...options, http });
  const credentials = createCredentials({ ...options, http });
  const models = createCopilotModels({
    ...options.models,
    observer,
    accountOf: async (incoming) => await credentials.account(incoming),
    fetchList: async (incoming) =>
      await fetchModelList(
        {
          http,
          credentials,
          headersTimeoutMs,
          locate: async (credential, signal) => await endpoints.locate('models', credential, signal),
          headersFor: (credential) => attemptHeaders(listHeaders(options.request), credential, options),
        },
        incoming,
      ),
  });
  return { http, endpoints, credentials, models };
}
