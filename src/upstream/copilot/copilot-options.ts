import type { CredentialOptions } from './auth/credential-options.ts';
import type { DiagnosticsOptions } from './diagnostics/diagnostics-options.ts';
import type { ModelsOptions } from './models/models.ts';
import type { RequestOptions } from './request/prepare-request.ts';
import type { HttpClientOptions } from './transport/http-client.ts';
import type { CopilotUrls } from './transport/urls.ts';
import type { RateLimitOptions } from './transport/rate-limit.ts';
import type { Observer } from '../../base/observation.ts';

/** Everything that the adapter is set to. */
export interface CopilotOptions {
  readonly credentials: CredentialOptions;
  readonly diagnostics: DiagnosticsOptions;
  readonly models: ModelsOptions;
  readonly request: RequestOptions;
  readonly http: HttpClientOptions;
  readonly urls: CopilotUrls;
  readonly rateLimit: RateLimitOptions;
  /** Milliseconds until the headers of an answer. */
  readonly headersTimeoutMs: number;
  /** Milliseconds without a byte of an answer after which it is given up. */
  readonly idleTimeoutMs: number;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
  readonly observer: Observer;
}
