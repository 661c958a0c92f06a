import { expect, it } from 'vitest';
import { createToolNames } from '../../../../src/codex/chat/encode/tool-names.ts';

it('keeps a name that Codex accepts, whatever it looks like', () => {
  const names = ['get_weather', 'shell', 'apply_patch', 'mcp_x', '__proto__', 'a-b', 'x'.repeat(64)];
  const { toCodexName, toCallerName } = createToolNames(names);
  expect(names.map(toCodexName)).toEqual(names);
  expect(names.map(toCallerName)).toEqual(names);
});

it.each(['exec_command', 'shell_command', 'mcp', 'mcp__github__search'])(
  'renames %s and maps the new name back',
  (name) => {
    const { toCodexName, toCallerName } = createToolNames([name]);
    expect(toCodexName(name)).toBe(`_${name}`);
    expect(toCallerName(`_${name}`)).toBe(name);
  },
);

it('accepts a call by the original name', () => {
  expect(createToolNames(['exec_command']).toCallerName('exec_command')).toBe('exec_command');
});

it('chooses a new name that no other tool has', () => {
  const { toCodexName, toCallerName } = createToolNames(['exec_command', '_exec_command', '_exec_command_2']);
  expect(toCodexName('exec_command')).toBe('_exec_command_3');
  expect(toCallerName('_exec_command')).toBe('_exec_command');
  expect(toCallerName('_exec_command_3')).toBe('exec_command');
});

it('keeps names apart that differ only in their last character', () => {
  const start = `mcp__${'x'.repeat(58)}`;
  const names = [`${start}a`, `${start}b`];
  const { toCodexName, toCallerName } = createToolNames(names);
  const codexNames = names.map(toCodexName);
  expect(codexNames.map((name) => name.length)).toEqual([64, 64]);
  expect(codexNames.map(toCallerName)).toEqual(names);
});

it('maps no call to a tool that is not offered and keeps such names in the history', () => {
  const { toCodexName, toCallerName } = createToolNames(['get_weather']);
  expect(toCallerName('get_time')).toBeUndefined();
  expect(toCallerName('toString')).toBeUndefined();
  expect(toCodexName('exec_command')).toBe('exec_command');
});
