import { StartupError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import type { CodexSetUp } from '../codex/codex-setup.ts';
import type { Environment } from '../config/config.ts';
import { fetchPage, type Page } from './fetch-page.ts';
import type { CheckResult } from './run-check.ts';

export interface NetworkCheck {
  readonly engineOptions: CodexSetUp['engineOptions'];
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** True if Codex is signed in with ChatGPT, whose requests go to another address than those with an API key. */
  readonly isChatgpt: boolean;
}

export interface NetworkResult {
  readonly result: CheckResult;
  /** Ids of the models that the provider lists; undefined if it lists none. */
  readonly models: ReadonlySet<string> | undefined;
}

/** Requests the provider's list of models, which runs no model. OpenAI's refusal of a request without a login is fine. */
export async function checkNetwork(check: NetworkCheck): Promise<NetworkResult> {
  const { engineOptions, environment, signal } = check;
  const url = addressOf(check);
  const answer = await fetchPage({
    url,
    headers: headersOf(engineOptions, environment),
    environment,
    signal,
  });
  const { status, proxy } = answer;
  const via = proxy === undefined ? '' : ` through the proxy ${proxy.host}`;
  const name = `${url.protocol}//${url.host}`;
  const models = readModels(answer);
  if (status >= 500) return { result: { note: `${name} answers${via}, but with HTTP ${status}` }, models };
  if (engineOptions.provider.config.env_key !== undefined && [401, 403].includes(status))
    return { result: { note: `${name} answers${via}, but refuses its key (HTTP ${status})` }, models };
  return { result: `${name} answers${via}`, models };
}

function addressOf({ engineOptions, isChatgpt }: NetworkCheck): URL {
  const { provider, user } = engineOptions;
  const { base_url: own, query_params: query = {} } = provider.config;
  const chatgpt = user.chatgpt_base_url ?? 'https://chatgpt.com/backend-api/';
  const base = own ?? (isChatgpt ? chatgpt : 'https://api.openai.com/v1');
  const url = URL.parse(`${base.replace(/\/+$/, '')}/models`);
  if (url === null) throw new StartupError(`'${base}' is not a URL; correct the provider's base_url.`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function headersOf(
  { provider }: CodexSetUp['engineOptions'],
  environment: Environment,
): Record<string, string> {
  const { env_key: key, http_headers: fixed = {}, env_http_headers: named = {} } = provider.config;
  const token = key === undefined ? undefined : environment[key];
  const own = Object.entries(named).flatMap(([name, variable]) => {
    const value = environment[variable];
    return value ? [[name, value] as const] : [];
  });
  return {
    ...fixed,
    ...Object.fromEntries(own),
    ...(token !== undefined && token !== '' && { authorization: `Bearer ${token}` }),
  };
}

function readModels({ status, body }: Page): ReadonlySet<string> | undefined {
  if (status !== 200) return undefined;
  try {
    const list: unknown = JSON.parse(body);
    if (!isJsonObject(list) || !Array.isArray(list.data)) return undefined;
    const ids = list.data.flatMap((model) =>
      isJsonObject(model) && typeof model.id === 'string' ? [model.id] : [],
    );
    return ids.length === 0 ? undefined : new Set(ids);
  } catch {
    return undefined;
  }
}
