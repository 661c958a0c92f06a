import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import { GatewayError } from '../../base/errors.ts';
import { withoutUndefined } from '../../base/json.ts';
import type { Turn, WebSearch } from '../../conversation/turn.ts';
import type { Methods } from '../protocol/methods.ts';
import type { EncodedTools } from './encode/encode-tools.ts';
import type { BareAppServer } from './profile/profile.ts';
import type { KeyedTools } from './tool-encoder.ts';

type StartParams = Methods['thread/start']['params'];

/** The part of `thread/start` that depends on the request. Threads started with the same settings are interchangeable. */
export type ThreadSettings = Pick<StartParams, 'model' | 'modelProvider' | 'config' | 'dynamicTools'>;

export function threadSettings(
  { state }: Pick<BareAppServer, 'state'>,
  turn: Turn,
  { specs }: EncodedTools,
): ThreadSettings {
  return {
    model: turn.model,
    modelProvider: state.modelProvider(turn.initiator),
    config: threadConfig(turn),
    ...(specs.length > 0 && { dynamicTools: specs }),
  };
}

/** Returns a text that is the same for the same settings; undefined for tools that are too long for one. */
export function threadKey(settings: ThreadSettings, { key }: KeyedTools): string | undefined {
  return key === undefined ? undefined : JSON.stringify({ ...settings, dynamicTools: undefined }) + key;
}

/**
 * Starts a thread with no instructions, no environment, no tools except the caller's, and nothing to approve. Resolves to its
 * id; rejects if Codex would add anything to it, or send it to another provider.
 */
export async function startBareThread(
  { connection, state, observer }: Pick<BareAppServer, 'connection' | 'state' | 'observer'>,
  settings: ThreadSettings,
  signal: AbortSignal,
): Promise<string> {
  const release = async (threadId: string) => {
    await connection.request('thread/unsubscribe', { threadId }).catch(() => {});
  };
  const params: StartParams = {
    cwd: state.workingDirectory,
    ephemeral: true,
    approvalPolicy: 'never',
    sandbox: 'read-only',
    environments: [],
    baseInstructions: '',
    developerInstructions: '',
    experimentalRawEvents: true,
    ...settings,
  };
  const { thread, instructionSources, modelProvider } = await connection.request('thread/start', params, {
    signal,
    onLate: (late) => void release(late.thread.id),
  });
  if (instructionSources?.length > 0) {
    await release(thread.id);
    observer.observe({ type: 'foreign-instructions', count: instructionSources.length });
    throw new GatewayError('internal_error', 'Codex would add instructions of its own to this request.');
  }
  if (modelProvider !== undefined && modelProvider !== settings.modelProvider) {
    await release(thread.id);
    observer.observe({ type: 'foreign-provider', modelProvider });
    throw new GatewayError('internal_error', 'Codex would send this request to another provider.');
  }
  return thread.id;
}

/** Returns the settings that Codex takes for a thread, and not for a turn. */
function threadConfig({ verbosity, webSearch }: Turn): { [key: string]: JsonValue } {
  return {
    ...(verbosity !== undefined && { model_verbosity: verbosity }),
    ...(webSearch && { web_search: 'live', tools: { web_search: searchConfig(webSearch) } }),
  };
}

function searchConfig({ contextSize, location, allowedDomains }: WebSearch): { [key: string]: JsonValue } {
  return {
    ...(contextSize !== undefined && { context_size: contextSize }),
    ...(location && { location: withoutUndefined(location) }),
    ...(allowedDomains && { allowed_domains: [...allowedDomains] }),
  };
}
