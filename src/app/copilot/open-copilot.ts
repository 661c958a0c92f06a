import type { Observer } from '../../base/observation.ts';
import type { CopilotRoutesOptions } from '../../http/copilot/copilot-routes.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import type { Environment, Settings } from '../config/config.ts';
import { readVariables } from '../config/read-variables.ts';
import { copilotOptions } from './copilot-options.ts';

/** Returns the adapter with the limits of its routes. */
export function openCopilot(
  settings: Settings,
  environment: Environment,
  observer: Observer,
): CopilotRoutesOptions {
  const options = copilotOptions(settings, environment, observer);
  const limitBytes = readVariables(environment).number('REQUEST_BODY_LIMIT_BYTES', {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  return {
    copilot: createLazyAdapter(options),
    bodyLimitBytes: Math.min(settings.limits.bodyBytes, limitBytes || Infinity),
    perToken: settings.limits.perToken,
    stallLimitMs: options.idleTimeoutMs,
  };
}

/** Creates an adapter whose code is loaded when it is first used: a gateway without Copilot starts without it. */
function createLazyAdapter(options: CopilotOptions): CopilotAdapter {
  let loading: Promise<CopilotAdapter> | undefined;
  async function load(): Promise<CopilotAdapter> {
    const { createCopilotAdapter } = await import('../../upstream/copilot/adapter.ts');
    return createCopilotAdapter(options);
  }
  const use = async () => await (loading ??= load());
  return {
    respond: async (...given) => await (await use()).respond(...given),
    openDiagnostics: async (id) => await (await use()).openDiagnostics(id),
    knownUrl: async (path) => await (await use()).knownUrl(path),
    models: async (signal) => await (await use()).models(signal),
    listModels: async (...given) => await (await use()).listModels(...given),
    isSignedIn: async () => await (await use()).isSignedIn(),
    account: async (signal) => await (await use()).account(signal),
    close: async () => await (await loading)?.close(),
  };
}
