import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain as run } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the set-up commands', () => {
  it('write the set-up to the file of --config with init and print it with show', async () => {
    const environment = { HOME: temporaryFolder() };
    const config = join(environment.HOME, 'my gateway.json');
    const init = await run(['init', '--config', config], environment);
    const { token } = JSON.parse(readFileSync(config, 'utf8')) as { token: string };
    expect(init).toMatchObject({ code: 0, complained: '' });
    expect(init.printed).toContain(`--config '${config}'`);
    const shown = await run(['show', '--config', config], environment);
    for (const printed of [init.printed, shown.printed]) {
      expect(printed).toContain('base_url="http://127.0.0.1:8000/v1"');
      expect(printed).toContain('baseURL: "http://127.0.0.1:8000/v1"');
      expect(printed).toContain('curl -N http://127.0.0.1:8000/v1/chat/completions');
      expect(printed.split(token)).toHaveLength(5);
    }
  });

  it('keep the host and port of the flags in init and refuse a token', async () => {
    const config = join(temporaryFolder(), 'config.json');
    const environment = { CODEX_GATEWAY_TOKEN: 'of-the-environment', HOME: temporaryFolder() };
    expect(await run(['init', '--config', config, '--token', 't'], environment)).toMatchObject({
      code: 1,
      complained: expect.stringContaining('leave out --token'),
    });
    const { printed } = await run(
      ['init', '--config', config, '--host', '[::1]', '--port', '9'],
      environment,
    );
    const written = JSON.parse(readFileSync(config, 'utf8')) as { token: string };
    expect(written).toEqual({ host: '::1', port: 9, token: expect.any(String) });
    expect(printed).toContain(`API key:  ${written.token}`);
    expect(printed).toContain('http://[::1]:9/v1');
  });

  it('print the set-up of the demo with --demo', async () => {
    const shown = await run(['show', '--demo', '--port', '9'], {
      CODEX_GATEWAY_TOKEN: 't',
      HOME: temporaryFolder(),
    });
    expect(shown.printed).toContain('model="demo"');
    expect(shown.printed).toMatch(/Start it: .* --demo --port 9$/m);
    expect(shown.printed).toMatch(/^For other clients: .* show azure \(or ai-sdk, agents, .*, cursor\)$/m);
  });

  it('print the set-up of one client alone and refuse an unknown client', async () => {
    const environment = { CODEX_GATEWAY_TOKEN: 't', HOME: temporaryFolder() };
    const { printed } = await run(['show', 'codex', '--demo'], environment);
    expect(printed).toContain('[model_providers.gateway]');
    expect(printed).not.toContain('Base URL:');
    expect(await run(['show', 'emacs'], environment)).toMatchObject({
      code: 1,
      complained: expect.stringMatching(
        /^codex-gateway: show has no client 'emacs'; it knows curl, python, .*cursor\.$/,
      ),
    });
  });

  it('follow the flags before and after the command', async () => {
    const environment = { CODEX_GATEWAY_TOKEN: 't', HOME: temporaryFolder() };
    for (const args of [
      ['env', '--port', '9', '--host', '::1'],
      ['--port', '9', '--host', '::1', 'env'],
    ]) {
      expect((await run(args, environment)).printed).toContain("export OPENAI_BASE_URL='http://[::1]:9/v1'");
    }
  });

  it('print nothing but the token with token', async () => {
    expect(await run(['token'], { CODEX_GATEWAY_TOKEN: 't', HOME: temporaryFolder() })).toEqual({
      code: 0,
      printed: 't',
      complained: '',
    });
  });
});

it('init --force keeps the other settings in the config file', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'config.json');
  const kept = { port: 9, host: '::1', models: [{ id: 'a' }] };
  writeFileSync(config, JSON.stringify({ ...kept, token: 'old' }));
  const environment = { HOME: folder };
  await run(['init', '--force', '--config', config, '--port', '10'], environment);
  const written = JSON.parse(readFileSync(config, 'utf8')) as { token: string };
  expect(written).toEqual({ ...kept, port: 10, token: expect.stringMatching(/^codex-gateway-local-/) });
});

it('init --force leaves a broken config file unchanged', async () => {
  const config = join(temporaryFolder(), 'config.json');
  writeFileSync(config, '{"port":8123,}');
  expect(await run(['init', '--force', '--config', config], { HOME: temporaryFolder() })).toMatchObject({
    code: 1,
    complained: expect.stringContaining('is not valid JSON'),
  });
  expect(readFileSync(config, 'utf8')).toBe('{"port":8123,}');
});

describe('the command line', () => {
  it.each([
    ['doctor', 'run it without --demo to check the running gateway.'],
    ['models', 'run it without --demo to ask the running gateway.'],
    ['usage', 'run it without --demo to ask the running gateway.'],
    ['token', 'run it without --demo to print the token of the running gateway.'],
    ['env', 'run it without --demo to print those of the running gateway.'],
    ['login', 'the demo needs no login.'],
    ['logout', 'the demo needs no login.'],
  ])('refuses --demo for %s and says what to do', async (command, advice) => {
    expect(await run([command, '--demo'], { HOME: temporaryFolder() })).toMatchObject({
      code: 1,
      complained: `codex-gateway: ${command} takes no --demo; ${advice}`,
    });
  });

  it.each(['serve', 'logout', 'doctor', 'token'])('refuses arguments for %s', async (command) => {
    const { code, complained } = await run([command, 'now'], { HOME: temporaryFolder() });
    expect([code, complained]).toEqual([1, `codex-gateway: ${command} takes no argument; leave out 'now'.`]);
  });

  it('reports a missing token in one line', async () => {
    expect(await run(['token'], { HOME: temporaryFolder() })).toMatchObject({
      code: 1,
      complained: expect.stringMatching(
        /^codex-gateway: No token is configured in .*; run `\S+ \S+ init` [^\n]*$/,
      ),
    });
  });

  it('reports a folder that cannot be made in one line', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await run(['init', '--config', join(file, 'config.json')], {})).toMatchObject({
      code: 1,
      complained: expect.stringMatching(/^codex-gateway: The folder .* cannot be made \(EEXIST\): [^\n]*$/),
    });
  });

  it('suggests the closest command for a misspelt one', async () => {
    expect((await run(['tokne'], {})).complained).toMatch(
      /^codex-gateway: There is no command 'tokne'; `\S+ \S+ help` lists them\. Did you mean 'token'\?$/,
    );
  });

  it.each([
    [['help', 'tokn'], /There is no command 'tokn'; `\S+ \S+ help` lists them\. Did you mean 'token'\?$/],
    [['help', 'chat'], /There is no command 'chat'; `\S+ \S+ help` lists them\.$/],
    [
      ['--prot', '1'],
      /^codex-gateway: codex-gateway has no option '--prot'; `\S+ \S+ help` lists its options\. Did you mean --port\?$/,
    ],
    [
      ['token', '--json'],
      /^codex-gateway: token has no option '--json'; `\S+ \S+ help token` lists its options\.$/,
    ],
    [['show', 'curl', 'node'], /^codex-gateway: show takes only one argument; leave out 'node'\.$/],
    [['--port'], /^codex-gateway: The option '--port <number>' needs a value; add one after it\.$/],
  ])('reports the unknown word or option in %j in one line', async (args, pattern) => {
    const { code, complained } = await run(args, { HOME: '/nonexistent' });
    expect([code, complained]).toEqual([1, expect.stringMatching(pattern)]);
  });

  it.each([['version'], ['-V'], ['--version']])('prints the version for %s', async (word) => {
    const { code, printed } = await run([word], {});
    expect([code, printed]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  it.each([
    [['help'], 'Usage: codex-gateway [options] [command]'],
    [['help', 'init'], 'Usage: codex-gateway init'],
  ])('prints help for %j', async (args, text) => {
    const { code, printed } = await run(args, {});
    expect([code, printed]).toEqual([0, expect.stringContaining(text)]);
  });

  it('refuses a wrong host before serve starts anything', async () => {
    const served = await run(['serve', '--host', '0.0.0.0'], { HOME: temporaryFolder() });
    expect(served).toMatchObject({ code: 1, complained: expect.stringContaining('not a loopback address') });
  });
});
