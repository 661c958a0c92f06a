import type { OpenedAccess } from './access/open-access.ts';
import { closeInOrder } from '../base/async/close-in-order.ts';
import type { ConsoleRecorder } from '../console/recording/console-recorder.ts';
import { shuttingDown } from '../base/errors.ts';
import type { CopilotRoutesOptions } from '../http/copilot/copilot-routes.ts';
import { createActiveRequests, type ActiveRequests } from '../http/requests/active-requests.ts';
import { createOpenSockets, type OpenSockets } from '../http/web-socket/open-sockets.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import type { CodexSetUp } from './codex/codex-setup.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { AddedCopilot } from './copilot/add-copilot.ts';
import type { CopilotProvider } from './copilot/copilot-provider.ts';
import { openCopilot } from './copilot/open-copilot.ts';
import { drain } from './lifecycle/drain.ts';
import type { Listening } from './lifecycle/listen.ts';
import { createMemoryTidying, type MemoryTidying } from './lifecycle/tidy-memory.ts';
import { createReadiness, type Readiness } from './lifecycle/readiness.ts';
import type { GatewayState } from './state/open-state.ts';
import type { OpenedTools } from './tools/open-tools.ts';
import type { OpenedSessions } from './sessions/open-sessions.ts';
import { createBodyParser, type WorkerBodyParser } from './worker/body-parser.ts';

/** The parts of a gateway that have to be closed, as far as they exist already. */
export interface Parts {
  readonly recorder: ConsoleRecorder;
  readonly readiness: Readiness;
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  readonly bodies: WorkerBodyParser;
  codex?: CodexSetUp;
  telemetry?: Telemetry | undefined;
  listening?: Listening;
  /** Removes the record by which other commands find the gateway. */
  withdraw?: (() => Promise<void>) | undefined;
  state?: GatewayState;
  started?: StartedCodex;
  added?: AddedCopilot;
  access?: OpenedAccess;
  sessions?: OpenedSessions | undefined;
  tools?: OpenedTools;
  copilotProvider?: CopilotProvider;
  readonly copilot: CopilotRoutesOptions | undefined;
  readonly tidying: MemoryTidying | undefined;
}

export function createParts(
  { settings, environment, observer, isServer = false }: ComposeOptions,
  recorder: ConsoleRecorder,
): Parts {
  const active = createActiveRequests();
  return {
    recorder,
    readiness: createReadiness(),
    active,
    tidying: isServer ? createMemoryTidying({ isBusy: () => active.count() > 0 }) : undefined,
    sockets: createOpenSockets(),
    bodies: createBodyParser(settings.limits.bodyBytes),
    copilot: settings.copilot.enabled ? openCopilot(settings, environment, observer) : undefined,
  };
}

/** Closes the parts in an order in which each still has what it needs, also after one could not be closed. */
export async function closeParts(parts: Parts, patience: AbortSignal): Promise<void> {
  const { active, sockets, bodies, codex, listening, withdraw, state, started, tidying } = parts;
  parts.readiness.drain();
  tidying?.stop();
  const running = {
    leave() {
      active.leave();
      sockets.leaveAll();
      parts.tools?.mcp.leave();
      parts.recorder.stop();
    },
    count: () => countRunning(parts),
    late: active.late,
    abort() {
      active.abortAll(shuttingDown());
      void state?.callers.stop(shuttingDown());
      void parts.sessions?.sessions.interruptAll();
    },
  };
  started?.engine.drain();
  parts.sessions?.sessions.drain();
  await closeInOrder([
    () => listening && drain(listening, patience, running),
    () => withdraw?.(),
    () => parts.access?.close(),
    () => parts.sessions?.close(),
    () => parts.tools?.close(),
    () => parts.copilotProvider?.close(),
    () => bodies.close(),
    () => state?.close(),
    () => started?.close(),
    () => parts.copilot?.copilot.close(),
    () => codex?.close(),
    () => parts.telemetry?.close(),
  ]);
}

export function countRunning({ active, state, sessions }: Parts): number {
  const turns = sessions?.sessions.running() ?? 0;
  return active.count() + (state?.callers.running() ?? 0) + turns;
}
