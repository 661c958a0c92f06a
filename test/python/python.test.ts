import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillIn, snippetsIn } from '../support/documents.ts';
import { startTestGateway, TOKEN, type TestGateway } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';
import { createFolder } from '../support/temporary-folder.ts';
import { sayFormatted } from '../support/upstream-tools.ts';
import {
  breakOff,
  failLater,
  failWith,
  say,
  stall,
  type Script,
  type UpstreamRequest,
} from '../support/upstream.ts';
import { oneByOne, REPORTED, sideBySide } from '../support/weather.ts';

const FILES = readdirSync(import.meta.dirname).filter((name) => /^test_.*\.py$/.test(name));

/** Scripts of the model, by the first question: the clients run in another process. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  'Say hello.': say('Hel', 'lo'),
  'Ask one by one.': oneByOne,
  'Ask side by side.': sideBySide,
  'Report.': sayFormatted(REPORTED),
  'Break off.': breakOff('partial'),
  'Never end.': stall('partial'),
  'Fail with 401.': failWith(401, 'invalid_api_key'),
  'Fail with no model.': failWith(404, 'model_not_found'),
  'Fail with a full context.': failWith(400, 'context_length_exceeded'),
  'Fail with a used-up quota.': failWith(429, 'insufficient_quota'),
  'Fail with a rate limit.': failWith(429, 'rate_limit_exceeded'),
  'Fail with 500.': failWith(500, 'server_error'),
  'Fail with 503.': failWith(503, 'server_is_overloaded'),
  'Fail by policy.': failLater('cyber_policy'),
};

function scriptFor({ body }: UpstreamRequest): Script {
  const question = body.input.find(({ role }) => role === 'user')?.content?.[0]?.text ?? '';
  return SCRIPTS[question] ?? say(`No script for: ${question}`);
}

const folder = createFolder();
const python = join(folder, 'bin/python');
let gateway: TestGateway;

beforeAll(async () => {
  await makeEnvironment();
  gateway = await startTestGateway();
  gateway.upstream.use((request, response) => scriptFor(request)(request, response));
});
afterAll(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A place for the packages of `requirements.txt`, which no other Python of the machine sees. */
async function makeEnvironment(): Promise<void> {
  const made = await execa('python3', ['-m', 'venv', folder], { reject: false });
  if (made.failed) {
    throw new Error(
      `These tests need Python 3 with its module venv (on Debian: python3-venv), as python3. ${made.shortMessage}`,
    );
  }
  await execa(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '-r',
    join(import.meta.dirname, 'requirements.txt'),
  ]);
}

it.each(FILES)('the Python client tests in %s pass', async (file) => {
  const { all } = await execa(python, ['-m', 'unittest', file], {
    cwd: import.meta.dirname,
    // Nothing of the user's own set-up for these packages, such as a proxy or tracing.
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      GATEWAY_URL: `${gateway.running.origin}/v1`,
      GATEWAY_TOKEN: TOKEN,
    },
    all: true,
    reject: false,
  });
  expect(all).toMatch(/^OK$/m);
});

const demo = useTestGateway({ demo: true });

it.each(snippetsIn('python').map(({ place, code }) => [place, code]))(
  'the Python snippet of the documentation at %s runs as it is',
  async (_place, code) => {
    const script = fillIn(code, { origin: demo.running.origin, token: TOKEN });
    const { stdout } = await execa(python, ['-c', script], {
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(stdout).toContain('This is the demo model of codex-gateway');
  },
);
