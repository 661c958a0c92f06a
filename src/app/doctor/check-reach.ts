import { StartupError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Codex } from '../codex/codex-setup.ts';
import type { Environment } from '../config/config.ts';
import type { Look } from './as-finding.ts';
import { probe, type ProbeAnswer } from './probe.ts';

export interface ReachCheck {
  readonly engine: Codex['engine'];
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** True if Codex is signed in with ChatGPT, whose requests go elsewhere than those with an API key. */
  readonly isChatgpt: boolean;
}

export interface Reach {
  readonly look: Look;
  /** Ids of the models that the provider lists; undefined if it lists none. */
  readonly models: ReadonlySet<string> | undefined;
}

/** Asks the provider for its list of models: no model is asked, and what OpenAI answers without a login does not matter. */
export async function checkReach(check: ReachCheck): Promise<Reach> {
  const { engine, environment, signal } = check;
  const url = addressOf(check);
  const answer = await probe({ url, headers: headersOf(engine, environment), environment, signal });
  const { status, proxy } = answer;
  const way = proxy === undefined ? '' : ` through the proxy ${proxy.host}`;
  const name = `${url.protocol}//${url.host}`;
  const models = readModels(answer);
  if (status >= 500) return { look: { note: `${name} answers${way}, but with HTTP ${status}` }, models };
  if (engine.provider.config.env_key !== undefined && [401, 403].includes(status))
    return { look: { note: `${name} answers${way}, but refuses its key (HTTP ${status})` }, models };
  return { look: `${name} answers${way}`, models };
}

function addressOf({ engine, isChatgpt }: ReachCheck): URL {
  const { provider, user } = engine;
  const { base_url: own, query_params: query = {} } = provider.config;
  const chatgpt = user.chatgpt_base_url ?? 'https://chatgpt.com/backend-api/';
  const base = own ?? (isChatgpt ? chatgpt : 'https://api.openai.com/v1');
  const url = URL.parse(`${base.replace(/\/+$/, '')}/models`);
  if (url === null) throw new StartupError(`'${base}' is not a URL; correct the provider's base_url.`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function headersOf({ provider }: Codex['engine'], environment: Environment): Record<string, string> {
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

function readModels({ status, body }: ProbeAnswer): ReadonlySet<string> | undefined {
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
