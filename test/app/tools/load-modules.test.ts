import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTools } from '../../../src/app/tools/open-tools.ts';
import { parseConfig } from '../../../src/app/config/config-file.ts';
import { ROOT, snippetsIn } from '../../support/documents.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { serveTools } from '../../support/serve-tools.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Opens the tools of a config file beside modules with the given texts. */
async function openModules(modules: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(modules)) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o600);
  }
  const names = Object.keys(modules).map((name) => `./${name}`);
  const { tools } = parseConfig(JSON.stringify({ tools: { modules: names } }), 'config.json');
  const settings = { tools, configPath: join(folder, 'config.json'), stateDirectory: folder };
  const opened = await openTools({
    settings,
    environment: {},
    observer: createMemoryLog(),
    isEphemeral: true,
  });
  await opened.close();
  return opened.service.tools.filter(({ name }) => name.startsWith('team.'));
}

/** The module that the documentation shows. */
const [RELEASE] = snippetsIn('mjs').map(({ code }) => code);

it('a tool of a module has a path, a name for clients, a place in the catalog, all gates and an audit', async () => {
  const tools = await openModules({ 'release.js': RELEASE! });
  const { origin, post, connect, audit } = await serveTools({ tools });
  const path = '/team/release-notes';
  expect(await post(path, { version: '1.2.3' })).toMatchObject({
    status: 200,
    body: { text: 'Would write the notes of 1.2.3 for script.' },
  });
  expect(await post(path, { version: '1.2.3', dry_run: false })).toMatchObject({ status: 412 });
  expect(await post(path, { version: '1.2.3', dry_run: false, confirm: true })).toMatchObject({
    body: { text: 'Wrote the notes of 1.2.3 for script.' },
  });
  expect(await post(path, { version: '2.0.0' })).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('Allowed: 1.2.3'), errors: [{ pointer: '#/version' }] },
  });
  expect(await post(path, { versoin: '1.2.3' })).toMatchObject({ status: 400 });
  expect(audit().map(({ tool, outcome }) => [tool, outcome])).toEqual(
    ['ok', '412', 'ok', '403', '400'].map((outcome) => ['team.release_notes', outcome]),
  );

  const catalog = await fetch(`${origin}/tools/v1/catalog`, { headers: { authorization: 'Bearer all' } });
  expect(await catalog.json()).toMatchObject({
    tools: [
      {
        name: 'team.release_notes',
        path: `/tools/v1${path}`,
        annotations: {
          readOnlyHint: false,
          destructiveHint: false,
          idempotentHint: true,
          openWorldHint: false,
        },
      },
    ],
  });
  const client = await connect();
  const call = { name: 'team_release_notes', arguments: { version: '1.2.3' } };
  expect((await client.callTool(call)).structuredContent).toMatchObject({
    text: expect.stringContaining('Would write the notes of 1.2.3'),
  });
});

it('a module may bring a zod of its own, and export the tool itself', async () => {
  const folder = temporaryFolder();
  const left = new Set(['src', 'v3', 'mini', 'v4-mini']);
  cpSync(join(ROOT, 'node_modules/zod'), join(folder, 'node_modules/zod'), {
    recursive: true,
    filter: (from) => !left.has(from.slice(join(ROOT, 'node_modules/zod').length + 1)),
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'tools'));
  const path = join(folder, 'tools/count.js');
  writeFileSync(
    path,
    `import { z } from 'zod';
     export default {
       name: 'team.count',
       description: 'Counts words.',
       annotations: { readOnlyHint: true },
       input: z.strictObject({ text: z.string().describe('Some words.'), least: z.int().default(1) }),
       output: z.object({ words: z.int() }),
       example: { input: { text: 'a b' }, output: { words: 2 } },
       async run({ text }) { return { words: text.split(' ').length }; },
     };`,
  );
  const { loadToolModules } = await import('../../../src/app/tools/load-modules.ts');
  const { tools: settings } = parseConfig(JSON.stringify({ tools: { modules: [path] } }), 'config.json');
  const context = {
    settings,
    configFolder: folder,
    stateDirectory: undefined,
    hidden: [],
    environment: {},
    onClose: () => {},
  };
  const tools = await loadToolModules(context, []);
  const { origin, ask, post } = await serveTools({ tools });
  expect(await post('/team/count', { text: 'a b' })).toMatchObject({ status: 200, body: { words: 2 } });
  const { paths } = (await ask('/tools/openapi.json')).body;
  const { content } = paths['/tools/v1/team/count'].post.requestBody;
  expect(content['application/json'].example).toEqual({ text: 'a b' });
  expect(await post('/team/count', { txt: 'a', text: 1 })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/txt' }, { pointer: '#/text' }] },
  });
  const catalog = await fetch(`${origin}/tools/v1/catalog`, { headers: { authorization: 'Bearer all' } });
  expect(await catalog.json()).toMatchObject({
    tools: [{ input_schema: { properties: { text: { description: 'Some words.' } }, required: ['text'] } }],
  });
});

const tool = (changes: string) => `
  export default ({ z }) => ({
    name: 'team.a', description: 'A.', annotations: { readOnlyHint: true },
    input: z.strictObject({}), output: z.strictObject({}), run: async () => ({}), ${changes}
  });`;

it('the log says why a tool of a module has failed, and its caller does not see it', async () => {
  const tools = await openModules({
    'throws.js': tool(
      `name: 'team.throws', run: async () => {
        const cause = new Error('connect ECONNREFUSED, token=abcdefgh12345678');
        throw new Error("cannot read '/home/team/notes.json'", { cause });
      }`,
    ),
    'wrong.js': tool(
      "name: 'team.wrong', output: z.strictObject({ n: z.int() }), run: async () => ({ n: 'a' })",
    ),
    'check.js': tool("name: 'team.check', check: async () => { throw new TypeError('no check') }"),
  });
  const { post, connect, log } = await serveTools({ tools });
  const client = await connect();
  const names = ['throws', 'wrong', 'check'];
  for (const name of names) {
    const refusal = { detail: `The tool team.${name} failed.` };
    expect(await post(`/team/${name}`, {})).toMatchObject({ status: 500, body: refusal });
    const { isError, content } = await client.callTool({ name: `team_${name}`, arguments: {} });
    expect(isError).toBe(true);
    expect(JSON.parse((content[0] as { text: string }).text)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      ...refusal,
    });
  }
  const problems = {
    throws: "cannot read 'notes.json': connect ECONNREFUSED, token=[redacted]",
    wrong: "its output does not fit its schema: 'n': expected number, received string",
    check: 'no check',
  };
  for (const name of names) {
    const told = log.lines.filter(
      (line) => line.startsWith('error an internal tool') && line.includes(`team.${name}`),
    );
    expect(told).toHaveLength(2);
    for (const line of told) {
      expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
        tool: `team.${name}`,
        request: expect.stringMatching(/^req_/),
        problem: problems[name as keyof typeof problems],
      });
    }
  }
  const traces = log.lines.filter((line) => line.startsWith('debug where an internal tool failed'));
  expect(traces[0]).toMatch(/at .*throws\.js:\d+:\d+/);
  expect(traces.join()).not.toMatch(/[( "]\/|file:/);
});

it.each([
  ['cannot be parsed', 'export default {', /Unexpected|Expected|parse/i],
  ['throws', "throw new Error('no database')", /no database/],
  ['exports nothing', 'export const tool = {};', /it has no default export/],
  ['exports something else', "export default 'tool';", /its default export is not a tool/],
  ['has a wrong name', tool("name: 'Team'"), /'name': expected a name such as 'team\.action'/],
  ['has a field too many', tool('handler() {}'), /Unrecognized key|handler/],
  ['has no schema', tool('input: {}'), /'input': expected an object schema of zod 4/],
  ['lets unknown fields through', tool('input: z.object({})'), /'input' lets unknown fields through/],
  ['has a field that JSON has not', tool('output: z.strictObject({ at: z.date() })'), /'output' cannot be/],
  [
    'changes something without a dry run',
    tool('annotations: {}'),
    /'input' needs the field dry_run: z\.boolean\(\)\.default\(true\)/,
  ],
  [
    'is not dry by default',
    tool(
      'annotations: {}, input: z.strictObject({ dry_run: z.boolean().default(false), confirm: z.boolean() })',
    ),
    /'input' needs the field dry_run/,
  ],
  [
    'has the name of another tool',
    tool("name: 'kb.search', path: '/a'"),
    /there is a tool kb\.search already/,
  ],
  ['has the path of another tool', tool("path: '/tests/run'"), /the path \/tests\/run is taken/],
])('a module that %s ends the start, which names it', async (_, text, problem) => {
  const opened = openModules({ 'broken.js': text });
  await expect(opened).rejects.toThrow(problem);
  await expect(opened).rejects.toMatchObject({
    name: 'StartupError',
    message: expect.stringMatching(/^The module \/.*\/broken\.js of tools\.modules cannot be used: /),
  });
});

/** A function that loads a module which the config file in a folder names. */
function loaderOf(folder: string) {
  return async (name: string) => {
    const { loadToolModules } = await import('../../../src/app/tools/load-modules.ts');
    const { tools: settings } = parseConfig(JSON.stringify({ tools: { modules: [name] } }), 'config.json');
    const surroundings = { stateDirectory: undefined, hidden: [], environment: {}, onClose: () => {} };
    return await loadToolModules({ settings, configFolder: folder, ...surroundings }, []);
  };
}

it('a module that is missing, or that others can change, ends the start', async () => {
  await expect(openModules({ 'a.js': tool(''), 'b.js': tool('') })).rejects.toThrow(
    /b\.js.*there is a tool team\.a/,
  );
  const folder = temporaryFolder();
  const load = loaderOf(folder);
  await expect(load('missing.js')).rejects.toThrow(/missing\.js.*there is no such file/);
  writeFileSync(join(folder, 'open.js'), tool(''));
  chmodSync(join(folder, 'open.js'), 0o666);
  await expect(load('open.js')).rejects.toThrow(/others on this machine can change it/);
  chmodSync(join(folder, 'open.js'), 0o600);
  chmodSync(folder, 0o777);
  await expect(load('open.js')).rejects.toThrow(/others on this machine can replace it/);
  // Where the folder is like /tmp, they cannot.
  chmodSync(folder, 0o1777);
  await expect(load('open.js')).resolves.toHaveLength(1);
});

it('a module is refused if others can change a folder above it, or one on the way to what a link leads to', async () => {
  const folder = temporaryFolder();
  const load = loaderOf(folder);
  for (const part of ['open', 'open/kept', 'links']) mkdirSync(join(folder, part), { mode: 0o755 });
  writeFileSync(join(folder, 'open/kept/tool.mjs'), tool(''), { mode: 0o600 });
  symlinkSync('../open/kept', join(folder, 'links/way'));
  symlinkSync('way/../kept/tool.mjs', join(folder, 'links/tool.mjs'));
  const names = ['open/kept/tool.mjs', 'links/tool.mjs'];
  for (const name of names) await expect(load(name)).resolves.toHaveLength(1);
  chmodSync(join(folder, 'open'), 0o777);
  for (const name of names) {
    await expect(load(name)).rejects.toThrow(
      /others on this machine can replace it, since they can change .*\/open\.$/,
    );
  }
  chmodSync(join(folder, 'open'), 0o755);
  chmodSync(join(folder, 'links'), 0o775);
  await expect(load('links/tool.mjs')).rejects.toThrow(/since they can change .*\/links\.$/);
});
