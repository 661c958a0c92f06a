import { dirname } from 'node:path';
import { closeInOrder } from '../../base/async/close-in-order.ts';
import { messageOf } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import { createToolService, type MissingTool, type ToolService } from '../../tools/tool-service.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { Environment, Settings } from '../config/config.ts';
import { secretPlaces } from '../config/secret-places.ts';
import { createToolLedgerThread, type ToolLedgerThread } from '../worker/tool-ledger-thread.ts';
import { auditFiles } from './audit-files.ts';
import { createLazyMcp } from './lazy-mcp.ts';
import { reportFailedCalls } from './report-failed-calls.ts';
import type { ToolContext } from './tool-context.ts';
import { TOOL_SLOTS } from './tool-slots.ts';

export interface OpenedTools {
  readonly service: ToolService;
  readonly mcp: McpEndpoint;
  readonly audit: ToolAudit;
  close(): Promise<void>;
}

/** The calls that have ended. */
interface ToolAudit extends Pick<ToolLedgerThread, 'page'> {
  /** Calls `listener` after each call of this process. */
  follow(listener: () => void): void;
}

export interface OpenToolsOptions {
  readonly settings: Pick<Settings, 'tools' | 'configPath' | 'stateDirectory'>;
  readonly environment: Environment;
  readonly observer: Observer;
  /** True if nothing is kept after the end of the process. */
  readonly isEphemeral: boolean;
}

/** Opens the internal tools. */
export async function openTools({
  settings,
  environment,
  observer,
  isEphemeral,
}: OpenToolsOptions): Promise<OpenedTools> {
  const closers: (() => Promise<void>)[] = [];
  const close = () => closeInOrder(closers.toReversed());
  try {
    const opened = await openSlots({
      settings: settings.tools,
      configFolder: dirname(settings.configPath),
      stateDirectory: isEphemeral ? undefined : settings.stateDirectory,
      hidden: secretPlaces(settings, environment),
      environment,
      onClose: (closer) => void closers.push(closer),
    });
    const { audit, ...ledger } = openLedger(settings.stateDirectory, isEphemeral);
    closers.push(ledger.close);
    const service = createToolService({
      ...opened,
      ledger,
      rateLimit: settings.tools.rateLimit,
      statusOf: (error) => encodeError(error).status,
      onFailed: reportFailedCalls(observer),
      onUnwritten: (tool, error) =>
        observer.observe({ type: 'tool-call-unwritten', tool, problem: messageOf(error) }),
    });
    const mcp = createLazyMcp(service);
    closers.push(mcp.close);
    return { service, mcp, audit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openLedger(
  stateDirectory: string,
  isEphemeral: boolean,
): ToolLedgerThread & { readonly audit: ToolAudit } {
  const thread = createToolLedgerThread(isEphemeral ? { path: IN_MEMORY } : auditFiles(stateDirectory));
  const listeners = new Set<() => void>();
  return {
    ...thread,
    async end(call) {
      await thread.end(call);
      for (const listen of listeners) listen();
    },
    audit: { page: thread.page, follow: (listener) => void listeners.add(listener) },
  };
}

async function openSlots(context: ToolContext): Promise<{ tools: AnyTool[]; missing: MissingTool[] }> {
  const tools: AnyTool[] = [];
  const missing: MissingTool[] = [];
  for (const { name, path, key, open } of TOOL_SLOTS) {
    const tool = await open(context);
    if (tool !== undefined) tools.push(tool);
    else if (key !== undefined) missing.push({ name, path, key });
  }
  if (context.settings.modules !== undefined) {
    const { loadToolModules } = await import('./load-modules.ts');
    tools.push(...(await loadToolModules(context, TOOL_SLOTS)));
  }
  return { tools, missing };
}
