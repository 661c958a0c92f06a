import type { DemoCall, DemoRequest } from './read-request.ts';

/** Name of the only file that the demo writes. */
const FILE = 'codex-gateway-demo.md';

/** Returns the next step of an agent that is asked for `demo edit`: a patch, then a command; undefined after both. */
export function nextEditStep({ prompt, earlier, results, tools }: DemoRequest): DemoCall | undefined {
  if (!asksForEdit(prompt)) return undefined;
  const shell = tools.find(({ name }) => name === 'exec_command');
  const patcher = tools.find(({ name, type }) => name === 'apply_patch' && type === 'custom');
  const run = (cmd: string) => shell && { tool: shell, input: JSON.stringify({ cmd }) };
  switch (results.length) {
    case 0: {
      const patch = writePatch(earlier.filter(asksForEdit).length + 1);
      return patcher ? { tool: patcher, input: patch } : run(`apply_patch <<'EOF'\n${patch}EOF`);
    }
    case 1:
      return run(`cat ${FILE}`);
    default:
      return undefined;
  }
}

/** Returns what became of both steps, in the words of those who ran them. */
export function describeEdit({ prompt, results }: DemoRequest): string | undefined {
  const [patch, command = ''] = results;
  if (!asksForEdit(prompt) || patch === undefined) return undefined;
  return `I proposed an edit of ${FILE}: ${outputOf(patch)}\nThen I ran \`cat ${FILE}\`:\n${outputOf(command)}`;
}

function asksForEdit(prompt: string): boolean {
  return /\bdemo edit\b/i.test(prompt);
}

function writePatch(count: number): string {
  const lines = ['# Demo', '', `Edit ${count} of the demo model of codex-gateway.`];
  return [
    '*** Begin Patch',
    `*** Add File: ${FILE}`,
    ...lines.map((line) => `+${line}`),
    '*** End Patch',
    '',
  ].join('\n');
}

/** Leaves out what the agent tells its model about a command before its output. */
function outputOf(result: string): string {
  const start = result.lastIndexOf(HEADING);
  return result.slice(start === -1 ? 0 : start + HEADING.length).trim();
}

const HEADING = 'Output:\n';
