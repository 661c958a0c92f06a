import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config/config-file.ts';
import { checkTools } from '../../../src/app/doctor/check-tools.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Checks the tools of a config file in a folder. */
async function check(folder: string, config: object) {
  const { tools } = parseConfig(JSON.stringify({ tools: config }), 'config.json');
  return await checkTools({
    settings: { tools, configPath: join(folder, 'config.json'), stateDirectory: join(folder, 'state') },
    environment: { PATH: process.env.PATH, HOME: folder },
    signal: new AbortController().signal,
  });
}

/** Creates a folder with a document, a clone that has a remote, and a module. */
function createTeam(): string {
  const folder = temporaryFolder();
  for (const name of ['docs', 'clone', 'empty']) mkdirSync(join(folder, name), { mode: 0o755 });
  writeFileSync(join(folder, 'docs/a.md'), 'Refunds.');
  execFileSync('git', ['init', '-q', join(folder, 'clone')]);
  execFileSync('git', ['-C', join(folder, 'clone'), 'remote', 'add', 'origin', '/nowhere']);
  const text = `export default ({ z }) => ({
    name: 'team.a', description: 'A.', annotations: { readOnlyHint: true },
    input: z.strictObject({}), output: z.strictObject({}), run: async () => ({}),
  });`;
  writeFileSync(join(folder, 'team.mjs'), text, { mode: 0o600 });
  return folder;
}

it('doctor names the internal tools that are on, if all that they need is there', async () => {
  const config = {
    knowledge: ['docs/**', '!docs/b.md'],
    tests: { unit: { command: ['node', '--test'], cwd: 'clone', report: 'tap', reportFile: 'out/../a.tap' } },
    repositories: { 'team/app': { path: 'clone' } },
    modules: ['./team.mjs'],
  };
  expect(await check(createTeam(), config)).toBe('kb.search, repo.hygiene, tests.run, git.create_pr, team.a');
  expect(await check(createTeam(), {})).toBe('repo.hygiene');
});

it('doctor notes which folders, programs, clones and documents of the internal tools are not there', async () => {
  const folder = createTeam();
  writeFileSync(join(folder, 'plain.sh'), '', { mode: 0o600 });
  const target = { cwd: 'clone', report: 'tap' };
  const config = {
    knowledge: ['docs/**', 'dosc/**'],
    tests: {
      moved: { ...target, command: ['node'], cwd: 'gone' },
      missing: { ...target, command: ['no-such-program'] },
      plain: { ...target, command: ['../plain.sh'] },
    },
    repositories: {
      'team/gone': { path: 'gone' },
      'team/empty': { path: 'empty' },
      'team/app': { path: 'clone', remote: 'upstream' },
      'team/url': { path: 'clone', remote: 'https://example.com/a.git' },
    },
  };
  const { note } = (await check(folder, config)) as { note: string };
  expect(note.split('; ')).toEqual([
    'the glob dosc/** of tools.knowledge finds no document',
    `the folder ${folder}/gone of tools.tests.moved does not exist`,
    'the program no-such-program of tools.tests.missing is not there, or cannot be run',
    'the program ../plain.sh of tools.tests.plain is not there, or cannot be run',
    `the clone ${folder}/gone of team/gone in tools.repositories does not exist`,
    `git cannot read ${folder}/empty of team/empty in tools.repositories, which has to be a clone of yours`,
    `the clone ${folder}/clone of team/app has no remote upstream`,
  ]);
  expect(await check(folder, { knowledge: ['!docs/a.md'] })).toEqual({
    note: "tools.knowledge only leaves documents out, and names none: add a glob without '!'",
  });
});

it('doctor fails for a module with which no gateway starts, and says what else is missing', async () => {
  const folder = createTeam();
  writeFileSync(join(folder, 'broken.mjs'), "throw new Error('no database')", { mode: 0o600 });
  await expect(check(folder, { modules: ['./broken.mjs'], knowledge: ['dosc/**'] })).rejects.toThrow(
    /The module \S+broken\.mjs of tools\.modules cannot be used: no database\. Also, the glob dosc\/\*\* .* finds no document\.$/,
  );
});

it.each(['../report.xml', '/tmp/report.xml', 'out/../..', '.'])(
  'a report in %s, which is not below the folder of its command, is an error of the config file',
  (reportFile) => {
    const unit = { command: ['node'], cwd: '.', report: 'junit', reportFile };
    expect(() => parseConfig(JSON.stringify({ tools: { tests: { unit } } }), 'config.json')).toThrow(
      /reportFile.*expected a path below cwd/,
    );
  },
);
