import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isAlive } from '../../support/process.ts';
import { createTargetRunner } from '../../../src/tools/test-runs/target-runner.ts';
import { createTestsRun } from '../../../src/tools/test-runs/tests-run.ts';
import type { ToolProgress } from '../../../src/tools/tool.ts';
import { callConfiguredTool } from '../../support/call-configured-tool.ts';
import { serveTools } from '../../support/serve-tools.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Target {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly report?: 'tap' | 'junit' | 'vitest';
  readonly reportFile?: string;
  readonly timeoutSeconds?: number;
}

/** A command that runs a script of Node. */
function node(script: string, ...args: string[]): string[] {
  return [process.execPath, '-e', script, ...args];
}

function openTests(
  targets: Readonly<Record<string, Target>>,
  environment: Record<string, string | undefined> = process.env,
) {
  const folder = temporaryFolder();
  const tests = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      { report: 'tap' as const, cwd: folder, ...target },
    ]),
  );
  const runner = createTargetRunner({ tests, environment });
  onTestFinished(runner.close);
  const tool = createTestsRun(runner);
  return {
    folder,
    tool,
    close: runner.close,
    async run(
      names: string | string[],
      options: { timeout_s?: number; signal?: AbortSignal; report?: (progress: ToolProgress) => void } = {},
    ) {
      const { timeout_s, signal = new AbortController().signal, report = () => {} } = options;
      const input = tool.input.parse({
        targets: [names].flat(),
        ...(timeout_s !== undefined && { timeout_s }),
      });
      await tool.check!(input);
      const run = {
        caller: { id: 'main', name: 'main' },
        assistant: 'script',
        requestId: 'one',
        isTakenUp: false,
      } as const;
      return tool.output.parse(await tool.run(input, { ...run, signal, report }));
    },
  };
}

/** Waits for a file that a process writes, and returns the ids in it. */
async function readPids(path: string, count = 1): Promise<number[]> {
  for (;;) {
    const pids = existsSync(path)
      ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean).map(Number)
      : [];
    if (pids.length >= count) return pids;
    await sleep(10);
  }
}

const TAP = 'console.log("1..2\\nok 1 - adds\\nnot ok 2 - subtracts\\n  ---\\n  message: no\\n  ...")';

it('a configured command runs, and its report is the answer', async () => {
  const { run } = openTests({ unit: { command: node(TAP) } });
  expect(await run('unit')).toEqual({
    summary: { total: 2, passed: 1, failed: 1, duration_s: expect.any(Number) },
    failures: [{ name: 'subtracts', message: 'message: no' }],
    timed_out: false,
    output: '1..2\nok 1 - adds\nnot ok 2 - subtracts\n  ---\n  message: no\n  ...\n',
  });
});

it('several targets run one after the other and are summed', async () => {
  const { run, folder } = openTests({
    one: { command: node(`${TAP}; require("fs").writeFileSync("one", "")`) },
    two: { command: node('console.log(`ok 1 ${require("fs").existsSync("one")}\\n1..1`)') },
  });
  const { summary, output } = await run(['one', 'two']);
  expect(summary).toMatchObject({ total: 3, passed: 2, failed: 1 });
  expect(output).toMatch(/^==> one <==\n1\.\.2\n[^]*==> two <==\nok 1 true\n1\.\.1\n$/);
  expect(existsSync(join(folder, 'one'))).toBe(true);
});

it('a gateway runs it in the folder that the config file names from its own, without the variables of the gateway', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'app'));
  const script =
    'console.log("1..0\\n" + require("path").basename(process.cwd()) + Object.keys(process.env).filter((name) => name.startsWith("CODEX")))';
  const config = join(folder, 'config.json');
  const unit = { command: node(script), cwd: 'app', report: 'tap' };
  writeFileSync(config, JSON.stringify({ tools: { tests: { unit } } }));
  const environment = {
    HOME: folder,
    PATH: process.env.PATH!,
    CODEX_GATEWAY_TOKEN: 'test-token-of-this-suite',
  };
  const answer = await callConfiguredTool({ config, environment }, 'tests.run', { targets: ['unit'] }, {});
  expect(answer).toMatchObject({ output: '1..0\napp\n', summary: { failed: 0 } });
});

describe('a command that is not configured cannot be run', () => {
  it.each([
    '',
    'Unit',
    'unit ',
    ' unit',
    'unit\0',
    'unit;ls',
    '$(ls)',
    '../unit',
    '__proto__',
    'constructor',
    'toString',
    '/bin/ls',
    'ls',
  ])('%j', async (name) => {
    const { run } = openTests({ unit: { command: node('') } });
    await expect(run(['unit', name])).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('Allowed: unit.'),
      detail: { param: 'targets' },
    });
  });

  it('and no argument reaches a shell', async () => {
    const args = ['$(touch hit)', '; touch hit', '*', '`touch hit`', '', 'a b'];
    const { run, folder } = openTests({
      unit: {
        command: node('console.log("1..0"); console.log(JSON.stringify(process.argv.slice(1)))', ...args),
      },
    });
    expect((await run('unit')).output).toContain(JSON.stringify(args));
    expect(existsSync(join(folder, 'hit'))).toBe(false);
  });
});

it('over REST and MCP another name is refused with the list, and an argument that is wrong with its name', async () => {
  const { tool } = openTests({ unit: { command: node(TAP) }, lint: { command: node('') } });
  const { post, connect } = await serveTools({ tools: [tool] });
  const { status, body } = await post('/tests/run', { targets: ['rm'] });
  expect(status).toBe(403);
  expect(body.detail).toContain('unit, lint');
  for (const [input, field] of [
    [{ targets: [] }, 'targets'],
    [{ targets: ['unit'], timeout_s: 0 }, 'timeout_s'],
    [{ targets: ['unit'], timeout_s: 3601 }, 'timeout_s'],
    [{ targets: ['unit'], command: ['ls'] }, 'command'],
  ] as const) {
    const refused = await post('/tests/run', input);
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toContain(field);
  }
  expect((await post('/tests/run', { targets: ['unit'] })).body.summary).toMatchObject({ failed: 1 });
  const client = await connect();
  const result = await client.callTool({ name: 'tests_run', arguments: { targets: ['unit'] } });
  expect(result.structuredContent).toMatchObject({ summary: { total: 2 }, timed_out: false });
});

it('a command gets some variables, no secret, and no input', async () => {
  const own = {
    PATH: process.env.PATH,
    HOME: '/home/me',
    LC_ALL: 'C.UTF-8',
    CODEX_GATEWAY_TOKEN: 'gateway-token',
    CODEX_GATEWAY_PORT: '1',
    GITHUB_TOKEN: 'github-token',
    OPENAI_API_KEY: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NPM_CONFIG__AUTH: 'auth',
    HTTPS_PROXY: 'http://user:password@proxy',
    NODE_OPTIONS: '--max-old-space-size=100',
  };
  const { run } = openTests(
    {
      unit: {
        command: node(
          'console.log("1..0\\n" + Object.keys(process.env).sort().join() + "\\n" + require("fs").readFileSync(0).length)',
        ),
      },
    },
    own,
  );
  expect((await run('unit')).output).toBe('1..0\nHOME,LC_ALL,PATH,TESTS_RUN_ID\n0\n');
});

describe('a command counts as one failed test of its name if it', () => {
  it.each<[string, Target, RegExp]>([
    [
      'ends with a code and reports no failure',
      { command: node('console.log("1..1\\nok 1"); process.exit(3)') },
      /^The command ended with code 3, and its report shows no failed test\.$/,
    ],
    [
      'is ended by a signal',
      {
        command: node(
          'console.log("1..1\\nok 1"); process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1e3)',
        ),
      },
      /SIGSEGV/,
    ],
    ['does not exist', { command: ['/no/such/program'] }, /could not be started \(ENOENT\)/],
    ['has no folder', { command: node(''), cwd: '/no/such/folder' }, /could not be started/],
    ['prints no report', { command: node('') }, /^The report is not TAP\.$/],
    [
      'prints a report that is cut off',
      { command: node('console.log("<testsuite><testcase")'), report: 'junit' },
      /^The report is not complete\.$/,
    ],
    [
      'writes no report',
      { command: node(''), report: 'junit', reportFile: 'report.xml' },
      /^The report was not written\.$/,
    ],
    [
      'writes it elsewhere',
      {
        command: node('require("fs").symlinkSync("/etc/passwd", "report.xml")'),
        report: 'junit',
        reportFile: 'report.xml',
      },
      /outside of the folder/,
    ],
    [
      'makes a pipe of it',
      { command: ['mkfifo', 'report.xml'], report: 'junit', reportFile: 'report.xml' },
      /is not a file/,
    ],
    [
      'has a report above its folder',
      {
        command: node('require("fs").writeFileSync("../report-of-tests-run.xml", "")'),
        report: 'junit',
        reportFile: '../report-of-tests-run.xml',
      },
      /outside of the folder/,
    ],
  ])('%s', async (_, target, message) => {
    const { run, folder } = openTests({ unit: target });
    onTestFinished(() => rmSync(join(folder, '../report-of-tests-run.xml'), { force: true }));
    const { summary, failures, timed_out: timedOut } = await run('unit');
    expect({ failed: summary.failed, timedOut }).toEqual({ failed: 1, timedOut: false });
    expect(failures).toEqual([{ name: 'unit', message: expect.stringMatching(message) }]);
  });
});

it('a report is read from a file that the command has written, and one of an earlier run does not count', async () => {
  const xml =
    '<testsuite><testcase name="a"/><testcase name="b"><failure message="no"/></testcase></testsuite>';
  const write = `if (process.argv[1] !== "no") require("fs").writeFileSync("out/report.xml", ${JSON.stringify(xml)})`;
  const { run, folder } = openTests({
    writes: { command: node(write), report: 'junit', reportFile: 'out/report.xml' },
    leaves: { command: node(write, 'no'), report: 'junit', reportFile: 'out/report.xml' },
  });
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'out'));
  writeFileSync(join(folder, 'real/report.xml'), xml);
  expect(await run('leaves')).toMatchObject({
    failures: [{ message: 'The report is that of an earlier run.' }],
  });
  expect(await run('writes')).toMatchObject({
    summary: { total: 2 },
    failures: [{ name: 'b', message: 'no' }],
  });
  expect(await run('writes')).toMatchObject({ summary: { total: 2 } });
  expect(await run('leaves')).toMatchObject({
    failures: [{ message: 'The report is that of an earlier run.' }],
  });
});

/** The beginning of scripts that write the ids of their processes to the file `pids`. */
const NOTE =
  'const { spawn } = require("child_process"); const note = (pid) => require("fs").appendFileSync("pids", `${pid}\\n`);';
const WAIT = 'note(process.pid); setInterval(() => {}, 1e3);';
const HANGING = node(NOTE + WAIT);

/** Returns a script that starts a process which leaves its parents and their session, and then waits. */
function daemon(options: string, outerOptions = options): string[] {
  const inner = `${NOTE} const child = spawn("sleep", ["1000"], ${options}); note(child.pid); child.unref();`;
  return node(
    `${NOTE} spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], ${outerOptions}).once("exit", () => { ${WAIT} });`,
  );
}

const DAEMON = daemon('{ detached: true, stdio: "ignore" }');

const LEAVERS: readonly (readonly [way: string, command: readonly string[], count: number])[] = [
  ['hangs', HANGING, 1],
  [
    'ignores signals',
    node(`${NOTE} for (const s of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(s, () => {}); ${WAIT}`),
    1,
  ],
  ['has children', ['sh', '-c', 'sleep 1000 & echo $! >> pids; sleep 1000 & echo $! >> pids; wait'], 2],
  [
    'starts sessions',
    node(`${NOTE} note(spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).pid); ${WAIT}`),
    2,
  ],
  ['makes daemons by two forks', DAEMON, 2],
  [
    'clears the environment of a child',
    node(`${NOTE} note(spawn("sleep", ["1000"], { detached: true, stdio: "ignore", env: {} }).pid); ${WAIT}`),
    2,
  ],
  // Only /proc shows who has a pipe open.
  ...(existsSync('/proc/self/fd')
    ? [
        [
          'clears the environment of a daemon that still writes',
          daemon('{ detached: true, stdio: "inherit", env: {} }', '{ detached: true, stdio: "inherit" }'),
          2,
        ] as const,
      ]
    : []),
  // Only Linux has a program that sets a limit for another one.
  ...(existsSync('/usr/bin/prlimit')
    ? [
        [
          'makes a daemon that has cleared its environment and closed its output',
          daemon('{ detached: true, stdio: "ignore", env: {} }'),
          2,
        ] as const,
      ]
    : []),
];

describe('nothing survives', () => {
  it.each(LEAVERS)('the end of a call whose command %s', async (_, command, count) => {
    const { run, folder } = openTests({ unit: { command } });
    const controller = new AbortController();
    const answer = run('unit', { signal: controller.signal });
    const pids = await readPids(join(folder, 'pids'), count);
    expect(pids.every(isAlive)).toBe(true);
    controller.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('the timeout', async () => {
    const command = ['sh', '-c', 'sleep 1000 & echo $! >> pids; echo $$ >> pids; echo ok 1; wait'];
    const { run, folder } = openTests({ unit: { command } });
    const answer = await run('unit', { timeout_s: 1 });
    expect(answer).toMatchObject({ timed_out: true, failures: [], summary: { total: 1, passed: 1 } });
    const pids = await readPids(join(folder, 'pids'), 2);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('a client that leaves, over REST and MCP', async () => {
    const { tool, folder } = openTests({ unit: { command: DAEMON } });
    const { origin, connect } = await serveTools({ tools: [tool] });
    const client = await connect();
    const calls = [
      async (signal: AbortSignal) =>
        await fetch(`${origin}/tools/v1/tests/run`, {
          method: 'POST',
          headers: { authorization: 'Bearer all', 'content-type': 'application/json' },
          body: JSON.stringify({ targets: ['unit'] }),
          signal,
        }),
      async (signal: AbortSignal) =>
        await client.callTool({ name: 'tests_run', arguments: { targets: ['unit'] } }, { signal }),
    ];
    for (const call of calls) {
      rmSync(join(folder, 'pids'), { force: true });
      const controller = new AbortController();
      const answer = call(controller.signal).catch(() => 'left');
      const pids = await readPids(join(folder, 'pids'), 2);
      controller.abort();
      expect(await answer).toBe('left');
      await vi.waitUntil(() => !pids.some(isAlive), { timeout: 30_000, interval: 20 });
    }
  });

  it('the end of the gateway', async () => {
    const { run, folder, close } = openTests({ unit: { command: DAEMON } });
    const answer = run('unit').catch((error: unknown) => error);
    const pids = await readPids(join(folder, 'pids'), 2);
    await close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await answer).toMatchObject({ code: 'shutting_down' });
    await expect(run('unit')).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('a command that ends by itself', async () => {
    const start =
      'for (const detached of [true, false]) { const child = spawn("sleep", ["1000"], { detached, stdio: "inherit" }); note(child.pid); child.unref(); }';
    const { run, folder } = openTests({ unit: { command: node(`${NOTE} ${start} console.log("1..0")`) } });
    expect(await run('unit')).toMatchObject({ timed_out: false, summary: { failed: 0 } });
    expect((await readPids(join(folder, 'pids'), 2)).filter(isAlive)).toEqual([]);
  });

  it('and processes of others do, also of another run', async () => {
    const { run, folder } = openTests({
      long: { command: HANGING },
      short: { command: node('console.log("1..0")') },
    });
    const controller = new AbortController();
    const long = run('long', { signal: controller.signal });
    const [pid] = await readPids(join(folder, 'pids'));
    await run('short');
    expect(isAlive(pid!)).toBe(true);
    controller.abort(new Error('gone'));
    await expect(long).rejects.toThrow('gone');
  });
});

it('at the timeout the tests that have run so far count, and later targets do not begin', async () => {
  const { run, folder } = openTests({
    slow: { command: ['sh', '-c', 'echo 1..9; echo ok 1; echo not ok 2 - b; sleep 1000'] },
    later: { command: node('require("fs").writeFileSync("later", "")') },
  });
  const { summary, failures, timed_out: timedOut, output } = await run(['slow', 'later'], { timeout_s: 2 });
  expect({ ...summary, timedOut }).toMatchObject({ total: 2, passed: 1, failed: 1, timedOut: true });
  expect(failures).toEqual([{ name: 'b', message: '' }]);
  expect(output).toContain('==> later <==\n[not run: the time was over]\n');
  expect(summary.duration_s).toBeLessThan(30);
  expect(existsSync(join(folder, 'later'))).toBe(false);
});

it('a target has a timeout of its own, after which the next one runs', async () => {
  const { run } = openTests({
    slow: { command: node('setInterval(() => {}, 1e3)'), timeoutSeconds: 1 },
    next: { command: node('console.log("1..1\\nok 1")') },
  });
  expect(await run(['slow', 'next'])).toMatchObject({
    timed_out: true,
    summary: { total: 1, passed: 1, failed: 0 },
  });
});

it('a target runs once at a time: a second run waits', async () => {
  const script =
    'const fs = require("fs"); fs.mkdirSync("lock"); setTimeout(() => { fs.rmdirSync("lock"); console.log("1..1\\nok 1") }, 200)';
  const { run } = openTests({ unit: { command: node(script) } });
  const answers = await Promise.all([run('unit'), run('unit'), run('unit')]);
  expect(answers.map(({ summary }) => summary.passed)).toEqual([1, 1, 1]);
});

it('a run that waits for another until its time is over says that it has not run', async () => {
  const { run, folder } = openTests({ unit: { command: HANGING } });
  const controller = new AbortController();
  const first = run('unit', { signal: controller.signal });
  await readPids(join(folder, 'pids'));
  expect(await run('unit', { timeout_s: 1 })).toMatchObject({
    timed_out: true,
    output: '[not run: the time was over]\n',
  });
  controller.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
});

it('once twenty calls wait for a target, the next one is refused instead of waiting too', async () => {
  const { run, folder } = openTests({ unit: { command: HANGING } });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [run('unit', { signal })];
  await readPids(join(folder, 'pids'));
  for (let waiting = 0; waiting < 20; waiting += 1) calls.push(run('unit', { signal }));
  await expect(run('unit', { signal })).rejects.toThrow("20 calls wait for the target 'unit' already");
  controller.abort(new Error('gone'));
  expect((await Promise.allSettled(calls)).map(({ status }) => status)).not.toContain('fulfilled');
});

it('an answer is at most 1 MB, has the beginning and the end of the output, and names the bytes between', async () => {
  const script =
    'process.stdout.write("begin\\n"); for (let i = 1; i < 3000; i++) console.log(`not ok ${i} - ${"\\u0001\\"é".repeat(300)}\\n  ---\\n  ${"\\u0002".repeat(3000)}\\n  ...`); process.stdout.write("1..2999\\nend\\n")';
  const { run } = openTests({ unit: { command: node(script) } });
  const answer = await run('unit');
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(500_000);
  expect(answer.summary).toMatchObject({ total: 2999, failed: 2999 });
  expect(answer.failures.at(-1)!.message).toMatch(/^\d+ further failed tests are not listed\.$/);
  expect(answer.output).toMatch(/^begin\n[^]*\n\[\d+ bytes are left out\]\n[^]*\nend\n$/);
  const [, leftOut] = /\[(\d+) bytes are left out\]/.exec(answer.output)!;
  expect(Number(leftOut)).toBeGreaterThan(10_000_000);
});

it('progress is reported while tests run', async () => {
  const script =
    'console.log("ok 1"); setTimeout(() => console.log("ok 2\\nok 3"), 400); setTimeout(() => console.log("1..3"), 500)';
  const { run } = openTests({ unit: { command: node(script) } });
  const reports: number[] = [];
  await run('unit', { report: ({ done }) => reports.push(done) });
  expect(reports.at(-1)).toBe(3);
});
