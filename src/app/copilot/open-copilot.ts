import type { Observer } from '../../base/observation.ts';
import type { CopilotRoutesOptions } from '../../http/copilot/copilot-routes.ts';
import { createCopilotAdapter } from '../../upstream/copilot/adapter.ts';
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
    copilot: createCopilotAdapter(options),
    bodyLimitBytes: Math.min(settings.bodyLimit, limitBytes || Infinity),
    stallLimitMs: options.idleTimeoutMs,
  };
}
