import { describe, expect, it } from 'vitest';
import { runMain as run } from '../support/run-main.ts';

const environment = { HOME: '/nonexistent' };

describe('codex-gateway copilot', () => {
  it.each([[['copilot']], [['help', 'copilot']], [['copilot', '--help']]])(
    'prints its commands for %j',
    async (args) => {
      const { code, printed, complained } = await run(args, environment);
      expect([code, complained]).toEqual([0, '']);
      for (const name of ['serve', 'login', 'logout', 'status', 'print-token', 'config']) {
        expect(printed).toMatch(new RegExp(`^  ${name} `, 'm'));
      }
    },
  );

  it('suggests the closest of its commands for a misspelt one', async () => {
    expect((await run(['copilot', 'logn'], environment)).complained).toMatch(
      /^codex-gateway: There is no command 'copilot logn'; `\S+ \S+ help copilot` lists them\. Did you mean 'copilot login'\?$/,
    );
    expect((await run(['help', 'copilot', 'satus'], environment)).complained).toContain(
      "Did you mean 'copilot status'?",
    );
  });

  it('prints the help of one of its commands with its own options', async () => {
    const { code, printed } = await run(['help', 'copilot', 'config'], environment);
    expect(code).toBe(0);
    expect(printed).toMatch(/^Usage: codex-gateway copilot config \[options\]/);
    expect(printed).toContain('--write');
  });

  it.each([
    [['login', 'now'], "copilot login takes no argument; leave out 'now'."],
    [['login', '--demo'], 'copilot login takes no --demo; the demo needs no login.'],
    [
      ['config', '--write', '--frce'],
      /copilot config has no option '--frce'; `\S+ \S+ help copilot config` lists/,
    ],
  ])('names the command in full when %j is wrong', async (args, message) => {
    const { code, complained } = await run(['copilot', ...args], environment);
    expect(code).toBe(1);
    expect(complained).toMatch(message);
  });
});
