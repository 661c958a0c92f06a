import type { OpenedAccess } from './access/open-access.ts';
import type { ConsoleRecorder } from '../console/recording/console-recorder.ts';
import type { ModelDirectory } from '../gateway/models/model-directory.ts';
import type { AppOptions } from '../http/app.ts';
import type { CopilotRoutesOptions } from '../http/copilot/copilot-routes.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ActiveRequests } from '../http/requests/active-requests.ts';
import type { OpenSockets } from '../http/web-socket/open-sockets.ts';
import type { CodexSetUp } from './codex/codex-setup.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import type { Readiness } from './lifecycle/readiness.ts';
import type { GatewayState } from './state/open-state.ts';
import type { GatewayDescription } from './running-gateway.ts';
import type { OpenedTools } from './tools/open-tools.ts';
import type { WorkerBodyParser } from './worker/body-parser.ts';

/** The parts behind the HTTP side. */
export interface AppParts {
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  readonly bodies: WorkerBodyParser;
  readonly codex: CodexSetUp;
  readonly started: StartedCodex;
  readonly state: GatewayState;
  readonly models: ModelDirectory;
  readonly access: OpenedAccess;
  readonly copilot: CopilotRoutesOptions | undefined;
  readonly sessions?: AppOptions['sessions'];
  readonly tools?: OpenedTools;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly recorder: ConsoleRecorder;
  /** The gateway at its start. */
  readonly description: Pick<GatewayDescription, 'login' | 'model'>;
}
