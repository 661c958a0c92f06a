import { expect, it } from 'vitest';
import { startCommand } from '../../../src/cli/commands/show.ts';

it.each([
  ['npm -s start --', [], 'npm start'],
  ['npm -s start --', ['--port', '9'], 'npm start -- --port 9'],
  ["npm -s --prefix '/the clone' start --", [], "npm --prefix '/the clone' start"],
  ['npx codex-gateway', [], 'npx codex-gateway'],
  ['codex-gateway', ['--demo'], 'codex-gateway --demo'],
])('a start by %s with the flags %j is %s', (usual, flags, command) => {
  expect(startCommand(usual, flags)).toBe(command);
});
