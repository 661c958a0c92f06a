import { describe, expect, it } from 'vitest';
import { createRepoHygiene } from '../../../src/tools/hygiene/repo-hygiene.ts';
import { serveTools } from '../../support/serve-tools.ts';

const RUN = {
  caller: { id: 'main', name: 'main' },
  assistant: 'script',
  requestId: 'one',
  isTakenUp: false,
  report() {},
} as const;

async function check(diff: string, options: { checks?: string[]; licenseHeader?: string } = {}) {
  const tool = createRepoHygiene(options);
  const input = tool.input.parse({ diff, ...(options.checks && { checks: options.checks }) });
  const { signal } = new AbortController();
  return tool.output.parse(await tool.run(input, { ...RUN, signal })).issues;
}

/** A diff that adds a new file. */
function adding(path: string, lines: readonly string[], end = ''): string {
  const added = lines.map((line) => `+${line}\n`).join('');
  return `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${added}${end}`;
}

async function rulesOf(path: string, line: string, checks?: string[]): Promise<string[]> {
  const issues = await check(adding(path, [line]), checks && { checks });
  return issues.map(({ rule, severity }) => (severity === 'info' ? `${rule} (info)` : rule));
}

const LETTERS = 'Zk3Tq9XbV7mLw2RcYd8PfHs5JgNu4Ae6Zk3Tq9XbV7mLw2RcYd8PfHs5JgNu4Ae6XyWvUt';
const letters = (count: number) => LETTERS.slice(0, count);
const hex = (count: number) => '0f3a9c7e5b1d8264'.repeat(8).slice(0, count);

/** Secrets in parts, since a search for secrets in this project would find them. */
const SECRETS: readonly (readonly [rule: string, ...parts: string[]])[] = [
  ['aws-access-key', 'AKI', 'AZQ3DRT5YHJKL2MNB'],
  ['aws-secret-key', 'aws_secret_access', `_key = ${letters(40)}`],
  ['github-token', 'gh', `p_${letters(36)}`],
  ['github-token', 'github', `_pat_${letters(22)}_${letters(59)}`],
  ['gitlab-token', 'glp', `at-${letters(20)}`],
  ['openai-key', 'sk', `-proj-${letters(48)}`],
  ['openai-key', 'sk', `-${letters(48)}`],
  ['anthropic-key', 'sk-', `ant-api03-${letters(60)}`],
  ['slack-token', 'xox', `b-123456789012-${letters(24)}`],
  ['slack-webhook', 'https://hooks.slack', `.com/services/T0000/B0000/${letters(24)}`],
  ['stripe-key', 'sk_', `live_${letters(24)}`],
  ['npm-token', 'np', `m_${letters(36)}`],
  ['npm-token', '//registry.npmjs.org/:_auth', `Token=${letters(30)}`],
  ['pypi-token', 'pypi', `-AgEIcHlwaS5vcmc${letters(50)}`],
  ['google-api-key', 'AI', `za${letters(35)}`],
  ['sendgrid-key', 'SG', `.${letters(22)}.${letters(43)}`],
  ['twilio-key', 'S', `K${hex(32)}`],
  ['jwt', 'eyJ', `hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${letters(43)}`],
  ['private-key', '-----BEGIN ', 'RSA PRIVATE KEY-----'],
  ['private-key', '-----BEGIN ', 'PRIVATE KEY-----'],
  ['private-key', '-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----'],
  ['url-password', 'postgres://app:', `${letters(12)}@db.internal/x`],
  ['azure-storage-key', 'AccountKey=', `${letters(43)}${letters(43)}==`],
  ['generic-secret', 'const apiKey = "', `${letters(24)}";`],
  ['generic-secret', 'client_secret: "', `${letters(20)}"`],
  ['generic-secret', '"password": "', `${letters(10)}!"`],
];

describe('a secret is found, and its message does not repeat it', () => {
  it.each(SECRETS)('%s: %s…', async (rule, ...parts) => {
    const secret = parts.join('');
    const issues = await check(adding('src/a.ts', ['x', `  ${secret}`]), { checks: ['secrets'] });
    expect(issues).toEqual([
      {
        type: 'secrets',
        rule,
        path: 'src/a.ts',
        line: 2,
        severity: expect.any(String),
        message: expect.any(String),
      },
    ]);
    expect(issues[0]!.severity).not.toBe('info');
    const value = parts.at(-1)!.slice(-8);
    if (rule !== 'private-key') expect(JSON.stringify(issues)).not.toContain(value);
  });

  it('also where values have no quotes', async () => {
    const line = `API_TOKEN=${letters(32)}`;
    expect(await rulesOf('.env', line)).toEqual(['generic-secret']);
    expect(await rulesOf('deploy/values.yaml', `  password: ${letters(16)}`)).toEqual(['generic-secret']);
    expect(await rulesOf('src/a.ts', line)).toEqual([]);
  });

  it('also in a line as long as a minified file', async () => {
    const [, ...parts] = SECRETS[2]!;
    const issues = await check(
      adding('a.js', [`${'x;'.repeat(200_000)}"${parts.join('')}"${'x;'.repeat(200_000)}`]),
    );
    expect(issues).toMatchObject([{ type: 'secrets', rule: 'github-token', line: 1 }]);
  });
});

describe('what is not a secret is not taken for one', () => {
  it.each([
    ['src/a.ts', 'const token = process.env.GITHUB_TOKEN_2;'],
    ['src/a.ts', 'const apiKey = "your-api-key-goes-here-123";'],
    ['src/a.ts', 'const apiKey = "<API_KEY_1>";'],
    ['src/a.ts', 'password: z.string().min(8).max(72),'],
    ['src/a.ts', 'const tokenUrl = "https://login.example.com/oauth2/token";'],
    ['src/a.ts', 'const tokenizer = "o200k_base_v2_2024x";'],
    ['src/a.ts', 'password = "aaaaaaaa1111"'],
    ['src/a.ts', 'const secretName = "projects/12345/secrets/db";'],
    ['.env', 'API_KEY=${API_KEY_FROM_VAULT_1}'],
    ['.env', 'DATABASE_URL=postgres://${USER}:${PASSWORD}@db/x'],
    ['.npmrc', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}'],
    ['k8s.yaml', 'secretKeyRef: database-credentials2'],
    ['package-lock.json', `"token": "sha512-${letters(60)}"`],
    ['src/a.ts', `integrity: "sha512-${letters(64)}"`],
    ['src/a.ts', '-----BEGIN PUBLIC KEY-----'],
    ['src/a.ts', '-----BEGIN CERTIFICATE-----'],
    ['README.md', 'Set `OPENAI_API_KEY=sk-...` first.'],
    ['src/a.css', '.sk-circle-fade-dot-animation-delay-long-name {}'],
    ['src/a.ts', 'https://example.com/path:with@sign'],
    ['src/a.ts', 'import x from "git+ssh://git@github.com/owner/name";'],
  ])('%s: %s', async (path, line) => {
    expect(await rulesOf(path, line, ['secrets'])).toEqual([]);
  });

  it.each([
    ['aws-access-key', ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')],
    ['url-password', 'postgres://postgres:postgres@localhost/x'],
    ['url-password', 'https://user:password@host/'],
  ])('an example is a hint: %s', async (rule, line) => {
    expect(await rulesOf('a.md', line, ['secrets'])).toEqual([`${rule} (info)`]);
  });

  it('a secret that a diff removes, or only shows, is not an issue', async () => {
    const [, ...parts] = SECRETS[2]!;
    const secret = parts.join('');
    expect(await check(`--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-${secret}\n ${secret}\n+fine\n`)).toEqual([]);
  });
});

it('conflict markers are found, and headings of texts are not', async () => {
  const lines = [
    'Title',
    '=======',
    '<<<<<<< HEAD',
    'a',
    '||||||| base',
    '=======',
    'b',
    '>>>>>>> other',
    '=======',
  ];
  const issues = await check(adding('a.md', lines), { checks: ['lint'] });
  expect(issues.map(({ rule, line, severity }) => [rule, line, severity])).toEqual(
    [3, 5, 6, 8].map((line) => ['conflict-marker', line, 'error']),
  );
});

it('binary files, and more than 1 MiB added to one file, are issues of the file', async () => {
  const half = adding(
    'big.txt',
    Array.from({ length: 525 }, () => 'x'.repeat(999)),
  );
  const binary = 'diff --git a/a.png b/a.png\nindex 1..2\nBinary files a/a.png and b/a.png differ\n';
  const patch = 'diff --git a/b.png b/b.png\nindex 1..2\nGIT binary patch\nliteral 1048577\nzcmV\n\n';
  const gone =
    'diff --git a/c.png b/c.png\ndeleted file mode 100644\nBinary files a/c.png and /dev/null differ\n';
  const issues = await check(half + binary + patch + gone + half, { checks: ['lint'] });
  expect(issues.map(({ rule, path, line }) => [rule, path, line])).toEqual([
    ['binary-file', 'a.png', undefined],
    ['binary-file', 'b.png', undefined],
    ['file-size', 'b.png', undefined],
    ['file-size', 'big.txt', undefined],
  ]);
  expect(await check(half, { checks: ['lint'] })).toEqual([]);
});

describe('whitespace', () => {
  it.each([
    ['a.ts', 'a ', ['trailing-whitespace']],
    ['a.ts', 'a\t', ['trailing-whitespace']],
    ['a.ts', '  ', ['trailing-whitespace']],
    ['a.ts', 'a \r', ['trailing-whitespace']],
    ['a.ts', 'a\r', []],
    ['a.md', 'a  ', []],
    ['a.md', 'a   ', ['trailing-whitespace']],
    ['a.ts', ' \ta', ['space-before-tab']],
    ['a.ts', '\t  a', ['mixed-indentation (info)']],
    ['a.ts', '\t * a', []],
    ['a.ts', '\t\ta\t b', []],
  ])('%s: %j', async (path, line, rules) => {
    expect(await rulesOf(path, line, ['format'])).toEqual(rules);
  });

  it('a file that ends without a line feed is an issue of its last line', async () => {
    const issues = await check(adding('a.ts', ['a', 'b'], '\\ No newline at end of file\n'));
    expect(issues).toMatchObject([{ type: 'format', rule: 'missing-final-newline', line: 2 }]);
  });
});

describe('a licence header', () => {
  const licenseHeader = 'Copyright 2026 Example\nLicensed under MIT';
  const licensed = ['#!/usr/bin/env node', '// Copyright 2026 Example', '// Licensed under MIT', 'x'];

  it('must be in the first ten lines of each new source file', async () => {
    const late = [...Array.from({ length: 9 }, () => '//'), ...licensed];
    const changed = '--- a/old.ts\n+++ b/old.ts\n@@ -0,0 +1 @@\n+a\n';
    const empty = 'diff --git a/e.ts b/e.ts\nnew file mode 100644\nindex 0000000..e69de29\n';
    const diff = [adding('late.ts', late), adding('a.ts', licensed), adding('a.txt', ['a']), changed, empty];
    expect(await check(diff.join(''), { licenseHeader, checks: ['license'] })).toEqual([
      {
        type: 'license',
        rule: 'missing-license-header',
        path: 'late.ts',
        line: 1,
        severity: 'error',
        message: 'The licence header is not in the first ten lines of this new source file.',
      },
    ]);
  });

  it('is not looked for without the setting', async () => {
    expect(await check(adding('a.ts', ['x']))).toEqual([]);
  });
});

it('issues beyond 2,000 of one check are counted, and the secret behind them is still shown', async () => {
  const [, ...parts] = SECRETS[2]!;
  const lines = [...Array.from({ length: 2_500 }, () => 'a '), parts.join('')];
  const issues = await check(adding('a.ts', lines));
  expect(issues).toHaveLength(2_002);
  expect(issues.filter(({ type }) => type === 'secrets')).toMatchObject([{ line: 2_501 }]);
  expect(issues.at(-1)).toMatchObject({
    type: 'format',
    rule: 'further-issues',
    message: expect.stringContaining('500 further issues'),
  });
});

it('a call that nobody waits for ends early', async () => {
  const tool = createRepoHygiene();
  const diff = adding(
    'a.ts',
    Array.from({ length: 50_000 }, () => 'some line of code'),
  );
  const signal = AbortSignal.abort(new Error('gone'));
  await expect(tool.run({ diff, checks: ['secrets'] }, { ...RUN, signal })).rejects.toThrow('gone');
});

it('checks that are repeated or unknown are refused, each by its place', async () => {
  const { post } = await serveTools();
  for (const [checks, pointer] of [
    [['lint', 'lint'], '1'],
    [['lint', 'spelling'], '1'],
    ['lint', ''],
    [[], ''],
  ] as const) {
    const { status, body } = await post('/repo/hygiene', { diff: '', checks });
    expect(status).toBe(400);
    expect(body.detail).toContain('checks');
    expect(JSON.stringify(body.errors)).toContain(pointer);
  }
});

it('a text without any diff gets no clean bill; an empty diff, a mode and a removal are diffs', async () => {
  const { post } = await serveTools();
  for (const diff of ['const a = 1;\n', '1c1\n< a\n---\n> b\n', 'src/a.ts']) {
    expect(await post('/repo/hygiene', { diff })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/diff', detail: expect.stringContaining('Expected a unified diff') }] },
    });
  }
  for (const diff of [
    '',
    '\n',
    'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n',
    '--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n',
    '@@ -1 +0,0 @@\n-a\n',
    'Binary files a/x and b/x differ\n',
    '+a\n',
  ])
    expect(await post('/repo/hygiene', { diff })).toHaveProperty('status', 200);
});

it('a short diff cannot make a very long answer', async () => {
  const [, ...parts] = SECRETS[0]!;
  const lines = Array.from({ length: 1_000 }, () => `<<<<<<< ${parts.join('')} `);
  const issues = await check(adding('p'.repeat(4_000), lines));
  expect(JSON.stringify(issues).length).toBeLessThan(2_000_000);
  const further = issues.filter(({ rule }) => rule === 'further-issues');
  const counts = further.map(({ message }) => Number.parseInt(message, 10));
  expect(counts.reduce((sum, count) => sum + count, issues.length - further.length)).toBe(3_000);
});
