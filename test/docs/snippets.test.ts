import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../src/app/config/config-file.ts';
import { formatForPeople } from '../../src/app/log/format-for-people.ts';
import { GatewayError } from '../../src/base/errors.ts';
import { INSTRUCTIONS } from '../../src/gateway/answer/instructions.ts';
import { encodeProblem } from '../../src/http/tools/encode-problem.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';
import { argumentError } from '../../src/tools/gates/argument-error.ts';
import { fillIn, readDocument, ROOT, SNIPPETS, snippetsIn, type Snippet } from '../support/documents.ts';
import { TOKEN } from '../support/gateway.ts';
import { runMain } from '../support/run-main.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ demo: true });
const run = promisify(execFile);
const param = 'messages[0].content';

/** The error that the page about internal tools shows. */
const UNKNOWN_FIELD = argumentError(
  z.strictObject({ query: z.string() }).safeParse({ query: '', qeury: '' }).error!.issues,
  ['query'],
);

const filled = (code: string) => {
  const text = fillIn(code, { origin: gateway.running.origin, token: TOKEN });
  expect(text).toContain(TOKEN);
  return text;
};
const named = (snippets: readonly Snippet[]) =>
  snippets.map((snippet) => [snippet.place, snippet.code] as const);

const SHELL = snippetsIn('sh');
const CURL = SHELL.filter(({ code }) => code.startsWith('curl '));

describe('the snippets of the documentation', () => {
  it('are all of a kind that is tested', () => {
    const kinds = new Set(SNIPPETS.map(({ language }) => language));
    // Settings of clients in TOML and YAML are compared with what `show` prints.
    // test/app/tools/load-modules.test.ts loads the one in mjs, which is a module of a tool.
    // test/e2e/sessions/demo.test.ts runs those in Bash, which are steps of one walk.
    expect(kinds).toEqual(new Set(['', 'bash', 'js', 'json', 'mjs', 'python', 'sh', 'toml', 'yaml']));
    expect([snippetsIn('toml'), snippetsIn('yaml')].map((snippets) => snippets.length)).toEqual([1, 1]);
  });

  // In one process, because the libraries take longer to load than the snippets to run.
  it('run as they are: JavaScript', async () => {
    // Here they find the libraries.
    const folder = join(ROOT, 'node_modules/.cache', `snippets-${process.pid}`);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(folder, { recursive: true });
    const paths = snippetsIn('js').map(({ code }, index) => {
      const path = join(folder, `${index}.mjs`);
      writeFileSync(path, filled(code));
      return path;
    });
    const runAll = `for (const path of process.argv.slice(1)) {
      await import(path);
      console.log('END');
    }`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', runAll, ...paths]);
    const outputs = stdout.split('END\n').slice(0, -1);
    const answer = expect.stringContaining('This is the demo model of codex-gateway') as unknown;
    expect(outputs).toEqual(paths.map(() => answer));
  });

  // `npm run test:python` runs them.
  it.each(named(snippetsIn('python')))('are valid Python at %s', (_place, code) => {
    const parse = 'import ast, sys; ast.parse(sys.stdin.read())';
    const { status, stderr } = spawnSync('python3', ['-c', parse], { input: code, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each(named(CURL))('work as they are: curl at %s', async (_place, code) => {
    const command = filled(code).replace('curl ', 'curl --fail --silent --show-error ');
    const { stdout } = await run('/bin/sh', ['-c', command]);
    if (code.includes('"stream":true')) expect(stdout).toContain('data: [DONE]');
    else expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  it.each(named(snippetsIn('json')))('are JSON that the gateway or a client knows at %s', (_place, code) => {
    const value = JSON.parse(code) as Record<string, unknown>;
    // The settings of opencode are compared with what `show` prints.
    if ('$schema' in value) return;
    if ('title' in value) expect(value).toEqual(encodeProblem(UNKNOWN_FIELD).body);
    else if (!('error' in value)) expect(parseConfig(code, 'config.json')).toMatchObject(value);
    else expect(value).toEqual(encodeError(new GatewayError('invalid_value', '…', { param })).body);
  });
});

/** Lines of other programs, which no test can run as they are. */
const OTHER_LINES = [
  'git clone ADDRESS-OF-THIS-REPOSITORY codex-gateway',
  'cd codex-gateway',
  'git pull',
  'npm ci',
  // test/e2e/package.test.ts packs, and runs what is packed.
  'npm install --global "$(npm pack --silent)"',
  'npm uninstall --global codex-gateway',
  'codex --profile copilot',
  'tailscale serve --bg 8000',
];

/** Returns the words that follow the name of this program, without pipes and substitutions around them. */
function ownWords(line: string): string[] | undefined {
  const [, words] = /(?:^|\(|\| )(?:codex-gateway|npm (?:-s )?start --)((?: [\w-]+)*)/.exec(line) ?? [];
  return words?.trim().split(' ').filter(Boolean);
}

const LINES = SHELL.filter((snippet) => !CURL.includes(snippet))
  // Of clients whose snippet is compared with what `show` prints.
  .filter(({ code }) => !/^(?:aider|llm) /.test(code))
  .flatMap(({ place, code }) =>
    code
      .trimEnd()
      .split('\n')
      .map((line) => [place, line.replace(/ +# .*/, '')] as const),
  );

describe('the command lines of the documentation', () => {
  it.each(LINES.filter(([, line]) => !OTHER_LINES.includes(line)))(
    'at %s exist: %s',
    async (_place, line) => {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
      const words = ownWords(line);
      if (words === undefined) {
        const called = line
          .split(' && ')
          .map((part) => /^npm (?:run )?([\w:]+)(?: -- .+)?$/.exec(part)?.[1] ?? part);
        expect(called.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
        return;
      }
      const named = words.filter((word) => !word.startsWith('-'));
      const command = named.slice(0, ['copilot', 'tokens'].includes(named[0] ?? '') ? 2 : 1);
      const { code, printed } = await runMain(['help', ...command], {});
      expect(code).toBe(0);
      for (const option of words.filter((word) => word.startsWith('-'))) expect(printed).toContain(option);
    },
  );

  it('begin with the steps that make a clone ready, which .ci/run takes too', () => {
    expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/^npm ci\nnpm test$/m);
    expect(readDocument('README.md').text).toContain('\nnpm ci && npm test\n');
  });
});

const LOG_LINES = [
  {
    level: 'info',
    time: new Date(2026, 0, 1, 14, 3, 11),
    fields: {
      id: 'req_…',
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      client: 'OpenAI/JS',
      model: 'gpt-5.5',
      effort: 'medium',
      stream: true,
      firstMs: 840,
      ms: 4120,
      inputTokens: 1204,
      cachedTokens: 1024,
      outputTokens: 233,
      ignored: 'temperature',
    },
  },
  {
    level: 'warn',
    time: new Date(2026, 0, 1, 14, 3, 15),
    fields: {
      id: 'req_…',
      method: 'POST',
      path: '/v1/responses',
      status: 400,
      client: 'OpenAI/JS',
      ms: 12,
      code: 'invalid_value',
      param: 'input[0].role',
      problem: "Invalid 'input[0].role': expected …",
    },
  },
] as const;

describe('what the documentation quotes', () => {
  it('matches the actual log', () => {
    const { text } = readDocument('docs/configuration.md');
    const lines = LOG_LINES.map((line) => formatForPeople({ ...line, message: 'request' }));
    expect(text).toContain(`\`\`\`\n${lines.join('')}\`\`\``);
  });

  it('matches what the gateway sends to a model', () => {
    const pages = ['docs/tools-and-structured-output.md', 'docs/api/responses.md'].map(readDocument);
    const text = pages.map((page) => page.text).join('\n');
    expect(Object.values(INSTRUCTIONS).filter((words) => !text.includes(words))).toEqual([]);
  });
});
