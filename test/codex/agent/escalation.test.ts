import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayLeaveSandbox } from '../../../src/codex/agent/escalation.ts';
import type { AgentCall } from '../../support/agent-upstream.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { useTestAgent } from '../../support/test-agent.ts';

function encodeLine(payload: object): string {
  const type = 'type' in payload ? 'response_item' : 'turn_context';
  return `${JSON.stringify({ type, payload })}\n`;
}

describe('a command that may leave its sandbox', () => {
  const script = (text: string, turnId?: string) => [
    ...(turnId === undefined ? [] : [{ turn_id: turnId }]),
    { type: 'custom_tool_call', name: 'exec', call_id: 'call_9', input: text },
  ];
  const call = (values: object) => [
    { type: 'function_call', name: 'exec_command', call_id: 'call_1', arguments: JSON.stringify(values) },
  ];
  const finished = { type: 'custom_tool_call_output', call_id: 'call_9', output: 'Script completed' };
  const goesOn = {
    type: 'custom_tool_call_output',
    call_id: 'call_9',
    output: 'Script running with cell ID 1',
  };

  it.each<[boolean, string, object[]]>([
    [false, 'call_1', call({ cmd: 'ls' })],
    [false, 'call_1', call({ cmd: 'ls', sandbox_permissions: 'use_default' })],
    [true, 'call_1', call({ cmd: 'ls', sandbox_permissions: 'require_escalated' })],
    [true, 'call_1', call({ cmd: 'ls', sandbox_permissions: 'with_additional_permissions' })],
    [true, 'call_1', call({ cmd: 'ls', additional_permissions: {} })],
    [
      false,
      'exec-1',
      script('text((await tools.exec_command({ cmd: "go test ./... | grep \'a\\n\'" })).output)'),
    ],
    [false, 'exec-1', script('await Promise.all(["a", "b"].map((cmd) => tools.exec_command({ cmd })))')],
    [
      true,
      'exec-1',
      script('await tools.exec_command({ cmd: "ls", sandbox_permissions: "require_escalated" })'),
    ],
    [true, 'exec-1', script('await tools.exec_command({ cmd: "ls", ["sandbox" + "_permissions"]: "x" })')],
    [true, 'exec-1', script('await tools.exec_command({ cmd: "ls", "s\\u0061ndbox_permissions": "x" })')],
    [true, 'exec-1', script('await tools.exec_command({ cmd: "ls", "s\\andbox_permissions": "x" })')],
    [false, 'exec-1', script('await tools.exec_command({ cmd: "ls src/tools/one.ts" })')],
    [true, 'exec-1', script('const given = make(); await tools.exec_command(given)')],
    [true, 'exec-1', script('await tools.exec_command({ ...given })')],
    [true, 'exec-1', script('await tools["exec_" + "command"](given)')],
    [true, 'exec-1', script('const all = tools; await all.exec_command({ cmd: "ls" })')],
    [true, 'exec-1', script('eval("too" + "ls.exec_com" + "mand(given)")')],
    [true, 'exec-1', [...script('await tools.exec_command(given)'), goesOn]],
    [true, 'exec-1', script('await tools.exec_command(given)', 'this-turn')],
    [
      false,
      'exec-1',
      [...script('await tools.exec_command(given)', 'a-turn-before'), ...script('', 'this-turn')],
    ],
    [
      false,
      'exec-1',
      [
        ...script('await tools.exec_command(given)'),
        finished,
        ...script('tools.exec_command({})').map((item) => ({ ...item, call_id: 'call_10' })),
      ],
    ],
    // The model may choose an id twice.
    [
      true,
      'exec-1',
      [...script('await tools.exec_command({})'), finished, ...script('await tools.exec_command(given)')],
    ],
    [
      true,
      'call_1',
      [...call({ cmd: 'ls' }), ...call({ cmd: 'ls', sandbox_permissions: 'require_escalated' })],
    ],
  ])('%s for %s of %j', async (expected, itemId, calls) => {
    const path = join(temporaryFolder(), 'rollout.jsonl');
    writeFileSync(path, calls.map(encodeLine).join(''));
    expect(await mayLeaveSandbox({ kind: 'command', itemId, turnId: 'this-turn' }, path)).toBe(expected);
  });

  it('is one that gives a reason, or whose call is not known, but not an input to a command that runs', async () => {
    const path = join(temporaryFolder(), 'rollout.jsonl');
    writeFileSync(path, '');
    expect(await mayLeaveSandbox({ kind: 'command', itemId: 'call_1', reason: 'why' }, path)).toBe(true);
    expect(await mayLeaveSandbox({ kind: 'command', itemId: 'call_1' }, path)).toBe(true);
    expect(await mayLeaveSandbox({ kind: 'command', itemId: 'call_1' }, undefined)).toBe(true);
    const rule = "`/bin/bash -lc 'mkdir x'` requires approval by policy";
    const call = { type: 'function_call', call_id: 'call_2', arguments: '{"cmd":"mkdir x"}' };
    appendFileSync(path, encodeLine(call));
    expect(await mayLeaveSandbox({ kind: 'command', itemId: 'call_2', reason: rule }, path)).toBe(false);
    const more = { kind: 'command', itemId: 'call_2', additionalPermissions: { network: null } };
    expect(await mayLeaveSandbox(more, path)).toBe(true);
    expect(await mayLeaveSandbox({ kind: 'writeStdin', itemId: 'call_1' }, path)).toBe(false);
  });
});

describe('the requests of an agent', () => {
  const agent = useTestAgent({ mayEscalate: true });

  it('say which commands may leave the sandbox, for every model and every kind of review', async () => {
    const outside = join(agent.folder, 'outside.txt');
    const escalated = { cmd: `echo x > ${outside}`, sandbox_permissions: 'require_escalated' };
    const named: [AgentCall, boolean][] = [
      [{ command: 'ls' }, false],
      [{ function: 'exec_command', arguments: escalated }, true],
      [{ script: 'await tools.exec_command({ cmd: "ls" })' }, false],
      [{ script: `await tools.exec_command(${JSON.stringify(escalated)})` }, true],
    ];
    const thread = await agent.open({ model: 'gpt-6-sol' });
    for (const [call] of named) await thread.call([call], { review: 'commands' });
    // Tools with which an agent would start turns that nobody has asked for.
    expect(agent.upstream.requests.at(-1)!.text.match(/spawn_agent|create_goal/)).toBeNull();
    expect(thread.requests.map(({ isEscalated }) => isEscalated)).toEqual(named.map(([, is]) => is));
    expect(existsSync(outside)).toBe(false);

    const reviewed = await agent.open();
    await reviewed.call([{ command: 'ls' }, { command: `echo x > ${outside}`, escalated: true }]);
    expect(reviewed.requests).toMatchObject([{ kind: 'command', isEscalated: true }]);
    expect(existsSync(outside)).toBe(false);

    // Where it is allowed to ask, it can ask for one thing.
    reviewed.use(() => ({ decision: 'allow' }));
    const permissions = { sandbox_permissions: 'with_additional_permissions', justification: 'To show it.' };
    const cmd = `curl -sS ${agent.upstream.baseUrl}/models -w '%{http_code}'; cat ${agent.state}/secret.txt`;
    const network = { ...permissions, additional_permissions: { network: { enabled: true } }, cmd };
    const [output] = await reviewed.call([{ function: 'exec_command', arguments: network }]);
    expect(reviewed.requests.at(-1)).toMatchObject({ isEscalated: true, payload: { reason: 'To show it.' } });
    expect(output).toContain('404');
    expect(output).not.toContain('SECRET');

    // Without naming it, a command that leaves the sandbox writes anywhere and has no network.
    const leaving = `echo x > ${outside}; curl -sS ${agent.upstream.baseUrl}/models -w '%{http_code}'`;
    const [left] = await reviewed.call([{ command: leaving, escalated: true }]);
    expect(existsSync(outside)).toBe(true);
    expect(left).toContain("Couldn't connect");
  });
});
