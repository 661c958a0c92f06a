import { join, resolve } from 'node:path';
import { proxyFor } from '../../base/network.ts';
import type { Observer } from '../../base/observation.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import { DIAGNOSTICS_LEVELS } from '../../upstream/copilot/diagnostics/diagnostics-options.ts';
import { findConfigFolder, findHome, type Environment, type Settings } from '../config/config.ts';
import { COPILOT_BOUNDS } from '../config/copilot-settings.ts';
import { ownCommand } from '../config/own-command.ts';
import { readVariables, type Variables } from '../config/read-variables.ts';
import { VERSION } from '../config/version.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Returns the options of the Copilot adapter. Variables, whose names are those of earlier adapters, take precedence over
 * the settings. Throws a `StartupError` for a wrong variable.
 */
export function copilotOptions(
  settings: Settings,
  environment: Environment,
  observer: Observer,
): CopilotOptions {
  const { copilot, deadlines } = settings;
  const variables = readVariables(environment);
  const timeoutMs = variables.number('REQUEST_TIMEOUT_MS', { min: 1, max: DAY_MS });
  return {
    credentials: readCredentials(settings, environment, variables),
    diagnostics: readDiagnostics(settings, environment, variables),
    models: {
      overrides: copilot.models,
      async readCodexModels() {
        const { readCodexModels } = await import('./read-codex-models.ts');
        return await readCodexModels(settings, environment);
      },
    },
    request: readRequest(settings, variables),
    http: { proxyFor: (url) => proxyFor(url, environment) },
    urls: {
      responses: variables.url('COPILOT_RESPONSES_URL'),
      models: variables.url('COPILOT_MODELS_URL'),
      token: variables.url('COPILOT_TOKEN_URL'),
      user: variables.url('COPILOT_USER_URL'),
      graphql: variables.url('GITHUB_GRAPHQL_URL'),
      deviceCode: variables.url('GITHUB_DEVICE_CODE_URL'),
      accessToken: variables.url('GITHUB_ACCESS_TOKEN_URL'),
      base: copilot.baseUrl,
      githubHost: copilot.githubHost,
    },
    rateLimit: readRateLimit(settings, variables),
    headersTimeoutMs: timeoutMs ?? deadlines.firstByte * 1000,
    idleTimeoutMs: timeoutMs ?? deadlines.idle * 1000,
    command: ownCommand(environment).withoutPaths,
    observer,
  };
}

function readCredentials(
  { copilot }: Settings,
  environment: Environment,
  variables: Variables,
): CopilotOptions['credentials'] {
  const tokenFile =
    variables.text('COPILOT_TOKEN_FILE') ?? copilot.tokenFile ?? join('~', '.copilot-tokens.json');
  return {
    token: copilot.token,
    ghCopilotToken: variables.header('GH_COPILOT_TOKEN'),
    copilotBearerToken: variables.header('COPILOT_BEARER_TOKEN'),
    tokenFile: findFile(tokenFile, environment),
    githubFolder: join(findConfigFolder(environment), 'github-copilot'),
    useGhCli: copilot.useGhCli,
    refreshes: variables.boolean('COPILOT_TOKEN_REFRESH') ?? true,
    expiryBufferSeconds:
      variables.number('COPILOT_TOKEN_EXPIRY_BUFFER_SECONDS', { min: 0, max: 86_400 }) ?? 300,
    oauthClientId: variables.header('GITHUB_OAUTH_CLIENT_ID') ?? '01ab8ac9400c4e429b23',
    oauthScope: variables.header('GITHUB_OAUTH_SCOPE') ?? 'read:user',
    environment,
  };
}

function readDiagnostics(
  { copilot: { diagnostics }, stateDirectory }: Settings,
  environment: Environment,
  variables: Variables,
): CopilotOptions['diagnostics'] {
  const prefix = 'CODEX_CODE_ROUTER_RAW_LOG';
  const { maxLineBytes, contentBytes } = COPILOT_BOUNDS;
  const file = variables.text(`${prefix}_FILE`) ?? diagnostics.file;
  return {
    level: variables.choice(`${prefix}_LEVEL`, DIAGNOSTICS_LEVELS) ?? diagnostics.level,
    file:
      file === undefined ? join(stateDirectory, 'copilot', 'diagnostics.jsonl') : findFile(file, environment),
    maxLineBytes: variables.number(`${prefix}_MAX_BYTES`, maxLineBytes) ?? diagnostics.maxLineBytes,
    contentBytes: variables.number(`${prefix}_CONTENT_MAX_BYTES`, contentBytes) ?? diagnostics.contentBytes,
    maxFileBytes: diagnostics.maxFileBytes,
  };
}

function readRequest({ copilot }: Settings, variables: Variables): CopilotOptions['request'] {
  const { identity, headers, forwardHeaders, stripWebSearch, stripTurnMetadata } = copilot;
  return {
    identity,
    headers,
    forwardHeaders,
    stripWebSearch,
    stripTurnMetadata,
    editorVersion: variables.header('COPILOT_EDITOR_VERSION') ?? 'vscode/1.109.2',
    chatVersion: variables.header('COPILOT_CHAT_VERSION') ?? '0.35.0',
    apiVersion: variables.header('GITHUB_API_VERSION') ?? '2025-10-01',
    version: VERSION,
  };
}

function readRateLimit({ copilot }: Settings, variables: Variables): CopilotOptions['rateLimit'] {
  const { budget, maxSleep } = copilot.rateLimit;
  return {
    budgetMs: variables.number('RATE_LIMIT_MAX_TOTAL_WAIT_MS', { min: 0, max: DAY_MS }) ?? budget * 1000,
    maxSleepMs: variables.number('RATE_LIMIT_MAX_SLEEP_MS', { min: 1, max: DAY_MS }) ?? maxSleep * 1000,
    initialBackoffMs: variables.number('RATE_LIMIT_INITIAL_BACKOFF_MS', { min: 1, max: HOUR_MS }) ?? 1_000,
    backoffMultiplier:
      variables.number('RATE_LIMIT_BACKOFF_MULTIPLIER', { min: 1, max: 100, fraction: true }) ?? 2,
  };
}

/** Returns the absolute path of a file; a `~` at its beginning is the home folder, as in a shell. */
function findFile(path: string, environment: Environment): string {
  return path.startsWith('~/') ? join(findHome(environment), path.slice(2)) : resolve(path);
}
