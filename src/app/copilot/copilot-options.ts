import { join } from 'node:path';
import type { Observer } from '../../base/observation.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { VERSION } from '../config/version.ts';

/** Returns the options of the Copilot adapter, from the settings and the variables of earlier adapters. */
export function copilotOptions(
  settings: Settings,
  environment: Environment,
  observer: Observer,
): CopilotOptions {
  const { deadlines, stateDirectory } = settings;
  return {
    credentials: {
      ghCopilotToken: environment.GH_COPILOT_TOKEN,
      copilotBearerToken: environment.COPILOT_BEARER_TOKEN,
    },
    diagnostics: {
      level: 'off',
      file: join(stateDirectory, 'copilot', 'diagnostics.jsonl'),
      maxLineBytes: 65_536,
      contentBytes: 16_384,
      maxFileBytes: 10_485_760,
    },
    models: { overrides: {} },
    request: {
      identity: 'editor',
      headers: {},
      forwardHeaders: [],
      editorVersion: 'vscode/1.109.2',
      chatVersion: '0.35.0',
      apiVersion: '2025-10-01',
      stripWebSearch: true,
      stripTurnMetadata: true,
      version: VERSION,
    },
    http: {
      httpProxy: environment.http_proxy ?? environment.HTTP_PROXY,
      httpsProxy: environment.https_proxy ?? environment.HTTPS_PROXY,
      noProxy: environment.no_proxy ?? environment.NO_PROXY,
    },
    urls: { responses: environment.COPILOT_RESPONSES_URL, models: environment.COPILOT_MODELS_URL },
    rateLimit: { budgetMs: 60_000, maxSleepMs: 60_000, initialBackoffMs: 1_000, backoffMultiplier: 2 },
    headersTimeoutMs: deadlines.firstByte * 1000,
    idleTimeoutMs: deadlines.idle * 1000,
    command: ownCommand(environment).withoutPaths,
    observer,
  };
}
