import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveSessions } from '../../support/serve-sessions.ts';

describe('GET /runtime/info', () => {
  it('has every field that clients of a bridge read', async () => {
    const { ask, root } = await serveSessions();
    const { status, body } = await ask('/runtime/info');
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      service: 'codex-bridge',
      runtime_kind: 'app_server_adapter',
      protocol: expect.any(String),
      codex_command: 'codex',
      codex_home: '/home/user/.codex',
      sandbox_mode: 'workspace-write',
      workspace_root: root,
      runtime_config: {
        runtime_provider: 'openai',
        auth_mode: 'chatgpt',
        provider_api_base_url: '',
        has_provider_api_key: false,
        default_model: '',
        workspace_root: root,
      },
      bridge_load: { active_turns: 0, pending_turns: 0, max_concurrent_turns: 4, max_queued_turns: 40 },
      execution_class: 'native_tools',
      providers: expect.arrayContaining([
        {
          runtime_provider: 'ollama',
          auth_modes: ['none'],
          provider_api_base_url: 'http://127.0.0.1:11434/v1',
          execution_class: 'model_tools',
        },
      ]),
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
    });
  });
});

describe('/runtime/config', () => {
  it('is changed in memory, says if anything has changed, and never shows a key', async () => {
    const { ask, root } = await serveSessions();
    const change = {
      runtime_provider: 'osirus',
      auth_mode: 'api_key',
      provider_api_base_url: 'https://example.com/api/agents/1/v1',
      provider_api_key: 'sk-secret-of-osirus',
      default_model: 'big',
      workspace_root: join(root, 'site'),
    };
    const first = await ask('/runtime/config', { body: change });
    expect(first).toMatchObject({ status: 200, body: { ok: true, service: 'codex-bridge', changed: true } });
    expect(first.body.config).toEqual({
      runtime_provider: 'osirus',
      auth_mode: 'api_key',
      provider_api_base_url: 'https://example.com/api/agents/1/v1',
      has_provider_api_key: true,
      default_model: 'big',
      workspace_root: join(root, 'site'),
    });
    expect((await ask('/runtime/config', { body: change })).body.changed).toBe(false);
    const again = await ask('/runtime/config', { body: { ...change, provider_api_key: 'another' } });
    expect(again.body.changed).toBe(true);
    const shown = await ask('/runtime/config');
    expect(shown.body).toEqual({ ok: true, service: 'codex-bridge', config: first.body.config });
    expect((await ask('/runtime/info')).body).toMatchObject({ execution_class: 'model_tools' });
    expect((await ask('/health')).body).toMatchObject({ auth_state: 'api_key', has_api_key: true });
    expect((await ask('/auth/status')).body).toMatchObject({ logged_in: true, auth_mode: 'api_key' });
    expect((await ask('/auth/device')).body).toEqual({
      ok: true,
      auth_mode: 'api_key',
      message: 'This runtime provider does not require device authentication.',
    });
    for (const path of ['/runtime/config', '/runtime/info', '/health', '/auth/status'])
      expect(JSON.stringify(await ask(path))).not.toContain('sk-secret');
  });

  it('belongs to one caller alone', async () => {
    const { ask } = await serveSessions();
    await ask('/runtime/config', { body: { runtime_provider: 'ollama', default_model: 'qwen' } });
    const { body } = await ask('/runtime/config', { token: 'other' });
    expect(body.config).toMatchObject({ runtime_provider: 'openai', default_model: '' });
  });

  it.each([
    ['ollama', 'api_key', 'none'],
    ['openai', 'none', 'chatgpt'],
    ['osirus_agent', '', 'api_key'],
    ['vllm', '', 'none'],
  ])('%s with the auth mode "%s" has the auth mode %s', async (provider, mode, expected) => {
    const { ask } = await serveSessions();
    const body = { runtime_provider: provider, auth_mode: mode };
    expect((await ask('/runtime/config', { body })).body.config.auth_mode).toBe(expected);
  });

  it('refuses a workspace outside the roots, and changes nothing then', async () => {
    const { ask, folder, root } = await serveSessions();
    mkdirSync(join(folder, 'outside'));
    symlinkSync(join(folder, 'outside'), join(root, 'link'));
    for (const workspace of [folder, join(root, 'link'), join(root, '..', 'outside'), '/nowhere', 'site']) {
      const body = { runtime_provider: 'ollama', workspace_root: workspace };
      expect(await ask('/runtime/config', { body })).toMatchObject({
        status: 403,
        body: { ok: false, error: expect.stringContaining('sessions.roots') },
      });
    }
    expect((await ask('/runtime/config')).body.config.runtime_provider).toBe('openai');
  });

  it('refuses a wrong value, and names the field', async () => {
    const { ask } = await serveSessions();
    const { status, body } = await ask('/runtime/config', { body: { runtime_provider: 'azure' } });
    expect(status).toBe(400);
    expect(body).toEqual({
      ok: false,
      error: expect.stringMatching(/^Invalid 'runtime_provider': .*ollama/),
    });
  });
});

describe('the account', () => {
  it.each([
    [{ type: 'chatgpt', email: 'user@example.com' }, true, 'chatgpt', 'Logged in as user@example.com'],
    [{ type: 'api-key' }, true, 'api_key', 'API key mode active'],
    [{ type: 'signed-out' }, false, 'chatgpt', 'Not logged in'],
    [{ type: 'not-needed' }, true, 'none', 'No login required for this runtime provider.'],
  ] as const)('%o is shown as clients of a bridge know it', async (account, loggedIn, mode, message) => {
    const { ask, engine } = await serveSessions();
    engine.account = account;
    const login = { logged_in: loggedIn, auth_mode: mode, message, device_auth: null };
    expect((await ask('/auth/status')).body).toEqual({ ok: true, ...login });
    expect((await ask('/health')).body).toMatchObject({
      ok: true,
      service: 'codex-bridge',
      auth_state: 'chatgpt',
      has_api_key: false,
      runtime_kind: 'app_server_adapter',
      login_status: login,
    });
  });

  it('is not asked for by a look at the health, which starts nothing', async () => {
    const { ask, engine } = await serveSessions();
    const { body } = await ask('/health');
    expect(body).toMatchObject({ ok: true, auth_state: 'chatgpt', capabilities: { chat_sessions: true } });
    expect(body.login_status).toEqual({
      logged_in: false,
      auth_mode: 'chatgpt',
      message: expect.stringContaining('GET /auth/status'),
      device_auth: null,
    });
    expect(engine.isStarted()).toBe(false);
    const login = (await ask('/auth/status')).body;
    expect(engine.isStarted()).toBe(true);
    expect({ ok: true, ...(await ask('/health')).body.login_status }).toEqual(login);
  });

  it('is signed in by a device code, which is asked for once', async () => {
    const { ask, engine } = await serveSessions();
    engine.account = { type: 'signed-out' };
    const signedIn = Promise.withResolvers<void>();
    let count = 0;
    engine.login = async () => {
      count += 1;
      const verificationUrl = 'https://auth.example.com/device';
      return { verificationUrl, userCode: 'ABCD-1234', completed: signedIn.promise, close: async () => {} };
    };
    const [first, second] = await Promise.all([ask('/auth/device'), ask('/auth/device')]);
    expect(first.body).toEqual({
      ok: true,
      auth_mode: 'chatgpt',
      verification_url: 'https://auth.example.com/device',
      user_code: 'ABCD-1234',
      status: 'ready',
      issued_at: expect.any(Number),
      expires_in_minutes: 15,
      error: null,
    });
    expect(second.body).toEqual(first.body);
    expect(count).toBe(1);
    signedIn.resolve();
    await expect
      .poll(async () => (await ask('/auth/status')).body.device_auth)
      .toMatchObject({ status: 'complete' });
  });

  it('that cannot be signed in says why, and is asked again with the next request', async () => {
    const { ask, engine } = await serveSessions();
    engine.account = { type: 'signed-out' };
    expect(await ask('/auth/device')).toMatchObject({
      status: 503,
      body: { ok: false, error: 'The sign-in has failed.' },
    });
    expect((await ask('/auth/status')).body.device_auth).toMatchObject({ status: 'error' });
    engine.login = async () => ({
      verificationUrl: 'https://auth.example.com/device',
      userCode: 'ABCD-1234',
      completed: new Promise(() => {}),
      close: async () => {},
    });
    expect((await ask('/auth/device')).body.status).toBe('ready');
  });
});
