import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EndedAuditEntry } from '../../src/tools/ports.ts';
import { userEnvironment } from '../support/command-line.ts';
import { openTestLedger } from '../support/open-test-tools.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;

/** The command line of a user whose gateway, which does not run, has written an audit. */
async function startUser(entries: readonly Partial<EndedAuditEntry>[]) {
  const environment = userEnvironment(temporaryFolder());
  const state = join(environment.HOME!, '.local/state/codex-gateway');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const ledger = await openTestLedger({ path: join(state, 'tools.sqlite') });
  for (const [number, entry] of entries.entries()) {
    ledger.end({
      entry: {
        time: Date.now() - HOUR_MS,
        key: 'codex',
        assistant: 'codex',
        tool: 'kb.search',
        arguments: { query: 'a' },
        isChange: false,
        dryRun: false,
        requestId: `req_${number}`,
        threadId: null,
        turnId: null,
        outcome: 'ok',
        ms: 5,
        ...entry,
      },
    });
  }
  ledger.close();
  const run = async (...args: string[]) => await runMain(['tools', 'audit', ...args], environment);
  async function ids(...args: string[]) {
    const { printed } = await run('--json', ...args);
    return printed === '' ? [] : printed.split('\n').map((line) => JSON.parse(line).request_id as string);
  }
  return { run, ids };
}

it('`tools audit` prints what is asked for, oldest first', async () => {
  const now = Date.now();
  const { run, ids } = await startUser([
    { time: now },
    { time: now - 25 * HOUR_MS, tool: 'git.create_pr', outcome: '412', dryRun: false, key: 'main' },
    { time: now - 3 * HOUR_MS, dryRun: true },
  ]);
  expect(await ids()).toEqual(['req_1', 'req_2', 'req_0']);
  expect(await ids('--since', '1d')).toEqual(['req_2', 'req_0']);
  expect(await ids('--since', new Date(now - HOUR_MS).toISOString())).toEqual(['req_0']);
  expect(await ids('--tool', 'git.create_pr')).toEqual(['req_1']);
  expect(await ids('--key', 'codex', '--since', '2h')).toEqual(['req_0']);
  expect(await ids('--key', 'nobody')).toEqual([]);
  const { code, printed } = await run();
  expect(code).toBe(0);
  const [head, first] = printed.split('\n');
  expect(head).toMatch(/^TIME +KEY +ASSISTANT +TOOL +DRY RUN +OUTCOME +MS +REQUEST$/);
  expect(first).toMatch(/^[-\d]+ [:\d]+ +main +codex +git\.create_pr +no +412 +5 +req_1$/);
});

it('`tools audit` takes the names of MCP, and says what it has if nothing has the name', async () => {
  const { run, ids } = await startUser([{ tool: 'git.create_pr' }, { tool: 'team.notes', key: 'main' }]);
  expect(await ids('--tool', 'git_create_pr')).toEqual(['req_0']);
  const none = await run('--tool', 'nope', '--key', 'nope\u001B[2J', '--json');
  expect(none).toMatchObject({ code: 0, printed: '' });
  expect(none.complained).toContain("'nope' is in the audit; there are calls of git.create_pr, team.notes.");
  expect(none.complained).toContain('calls of codex, main.');
  expect(none.complained).not.toContain('\u001B');
  expect((await run('--tool', 'team.notes', '--key', 'codex')).complained).toBe('');
});

it('`tools audit` prints nothing that a terminal would obey', async () => {
  const { run } = await startUser([
    { key: 'a\u001B[31mb\u009B2J', requestId: 'c\u202Ed\nforged', arguments: { query: '\u009B2J\u{E0041}' } },
  ]);
  for (const args of [[], ['--json']]) {
    const { printed } = await run(...args);
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(printed.split('\n')).toHaveLength(args.length === 0 ? 2 : 1);
  }
  const { printed } = await run('--json');
  expect(JSON.parse(printed)).toMatchObject({
    request_id: 'c\u202Ed\nforged',
    arguments: { query: '\u009B2J\u{E0041}' },
  });
});

it('`tools audit` of a gateway that was never asked prints only the heading', async () => {
  const environment = userEnvironment(temporaryFolder());
  expect(await runMain(['tools', 'audit', '--json'], environment)).toMatchObject({ code: 0, printed: '' });
  expect((await runMain(['tools', 'audit'], environment)).printed).toMatch(/^TIME.*REQUEST$/);
});

it('`tools audit` says what is wrong with a time', async () => {
  const { run } = await startUser([]);
  const { code, complained } = await run('--since', 'yesterday');
  expect(code).toBe(1);
  expect(complained).toMatch(/--since is 'yesterday'; write a duration/);
});
