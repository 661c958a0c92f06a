import { withTimeout } from '../../base/async/with-timeout.ts';
import { PROVIDERS, PROVIDER_FACTS, isOwnProvider } from '../../sessions/providers/session-provider.ts';
import type { LoginState } from '../../sessions/account/account.ts';
import { decodeRuntimeConfig } from '../../sessions/requests/provider-fields.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { ownerOf, resolveWorkspace } from './session-context.ts';
import type { SessionService } from './session-service.ts';

/** The name by which clients know a bridge. */
const SERVICE = 'codex-bridge';
/** Milliseconds for which the health waits for the login. */
const LOGIN_MS = 1_200;

/** Creates the routes about the runtime of sessions and its account, in the shapes that clients of a bridge know. */
export function runtimeRoutes(service: SessionService): Route[] {
  return [...configRoutes(service), ...accountRoutes(service)];
}

function configRoutes(service: SessionService): Route[] {
  const { providers, roots } = service;
  const showConfig: Middleware = (ctx) => {
    ctx.body = { ok: true, service: SERVICE, config: describeConfig(service, ownerOf(ctx)) };
  };
  const changeConfig: Middleware = async (ctx) => {
    const owner = ownerOf(ctx);
    const { workspace, ...fields } = decodeRuntimeConfig(ctx.request.body);
    const folder = await resolveWorkspace(roots, workspace ?? providers.initial.workspace);
    const changed = providers.configure(owner, { ...fields, workspace: folder });
    ctx.body = { ok: true, service: SERVICE, changed, config: describeConfig(service, owner) };
  };
  const showInfo: Middleware = (ctx) => {
    ctx.body = { ok: true, service: SERVICE, ...describeRuntime(service, ownerOf(ctx)) };
  };

  return [
    { method: 'get', path: '/runtime/info', handlers: [showInfo] },
    { method: 'get', path: '/runtime/config', handlers: [showConfig] },
    { method: 'post', path: '/runtime/config', body: 'parsed-of-any-type', handlers: [changeConfig] },
  ];
}

function accountRoutes(service: SessionService): Route[] {
  const { providers, account } = service;

  /**
   * Returns the login of the caller's provider, which may be another than that of the user's own Codex.
   *
   * @param readOwn Reads the latter.
   */
  async function loginOf(owner: string, readOwn: () => Promise<LoginState>): Promise<LoginState> {
    const { provider } = providers.configOf(owner);
    if (isOwnProvider(provider)) return await readOwn();
    if (provider.authMode === 'none')
      return { logged_in: true, auth_mode: 'none', message: 'No login required for this runtime provider.' };
    if (providers.hasKey(owner))
      return { logged_in: true, auth_mode: 'api_key', message: 'Direct API mode active' };
    const message = 'Direct API mode is selected but no provider API key is configured.';
    return { logged_in: false, auth_mode: 'api_key', message };
  }

  const showHealth: Middleware = async (ctx) => {
    const owner = ownerOf(ctx);
    const { authMode } = providers.configOf(owner).provider;
    const unknown = (message: string) => ({ logged_in: false, auth_mode: authMode, message });
    const readOwn = () => account.readIfStarted(ctx.state.signal);
    const reading = loginOf(owner, readOwn).catch(() => unknown('The login status is not known.'));
    const read = await withTimeout(reading, LOGIN_MS);
    const login = read === 'timeout' ? unknown('Login status check timed out.') : read;
    ctx.body = {
      ok: true,
      service: SERVICE,
      auth_state: authMode,
      has_api_key: providers.hasKey(owner),
      ...describeRuntime(service, owner),
      login_status: { ...login, device_auth: account.device() },
    };
  };
  const showLogin: Middleware = async (ctx) => {
    const login = await loginOf(ownerOf(ctx), () => account.read(ctx.state.signal));
    ctx.body = { ok: true, ...login, device_auth: account.device() };
  };
  const signIn: Middleware = async (ctx) => {
    const owner = ownerOf(ctx);
    const { provider } = providers.configOf(owner);
    const { auth_mode: mode } = await loginOf(owner, () => account.read(ctx.state.signal));
    if (!isOwnProvider(provider) || mode === 'none') {
      const message = 'This runtime provider does not require device authentication.';
      ctx.body = { ok: true, auth_mode: mode, message };
      return;
    }
    ctx.body = { ok: true, auth_mode: 'chatgpt', ...(await account.signIn()) };
  };

  return [
    { method: 'get', path: '/health', handlers: [showHealth] },
    { method: 'get', path: '/auth/status', handlers: [showLogin] },
    { method: 'get', path: '/auth/device', isForReaders: false, handlers: [signIn] },
  ];
}

function describeConfig({ providers }: SessionService, owner: string) {
  const { provider, model, workspace } = providers.configOf(owner);
  return {
    runtime_provider: provider.name,
    auth_mode: provider.authMode,
    provider_api_base_url: provider.baseUrl,
    has_provider_api_key: providers.hasKey(owner),
    default_model: model,
    workspace_root: workspace,
  };
}

function describeRuntime(service: SessionService, owner: string) {
  const { sessions, providers, codexCommand, codexHome } = service;
  const { provider, workspace } = providers.configOf(owner);
  return {
    runtime_kind: 'app_server_adapter',
    protocol: 'json-rpc-over-stdio + rest+sse adapter',
    codex_command: codexCommand,
    codex_home: codexHome,
    sandbox_mode: 'workspace-write',
    workspace_root: workspace,
    runtime_config: describeConfig(service, owner),
    bridge_load: sessions.load(),
    execution_class: PROVIDER_FACTS[provider.name].tools,
    providers: PROVIDERS.map((name) => ({
      runtime_provider: name,
      auth_modes: PROVIDER_FACTS[name].authModes,
      provider_api_base_url: PROVIDER_FACTS[name].baseUrl ?? '',
      execution_class: PROVIDER_FACTS[name].tools,
    })),
    capabilities: {
      chat_sessions: true,
      session_streaming: true,
      device_auth: true,
      cms_generation_routes: false,
      openai_compatible_routes: true,
      app_server_transport: true,
      long_lived_worker: true,
      concurrency_controls: true,
    },
  };
}
