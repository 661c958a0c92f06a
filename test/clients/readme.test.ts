import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ demo: true });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(`${ROOT}README.md`, 'utf8');
const SNIPPETS = [...README.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code!);

/** Prints the answer of each snippet. */
const ENDS: [setUp: string, code: string][] = [
  ['OpenAI SDK', 'console.log(next.output_text);'],
  ['Vercel AI SDK', 'console.log(text);'],
  [
    'Vercel AI SDK, any compatible provider',
    "const { generateText } = await import('ai'); console.log((await generateText({ model, prompt: 'Hello' })).text);",
  ],
  ['OpenAI Agents', 'console.log(finalOutput);'],
  ['LangChain', "console.log((await model.invoke('Hello')).content);"],
];

it.each(ENDS.map(([setUp, end], index) => [setUp, SNIPPETS[index], end]))(
  'the README snippet for %s works with the address and token filled in',
  async (_setUp, snippet, end) => {
    const code = `${snippet}\n${end}`
      .replaceAll('http://127.0.0.1:8000/v1', `${gateway.running.origin}/v1`)
      .replaceAll('codex-gateway-local-…', TOKEN);
    expect(code).toContain(TOKEN);
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: ROOT,
    });
    expect(stdout).toContain('This is the demo model of codex-gateway');
  },
);

it('every README snippet is tested', () => {
  expect(SNIPPETS).toHaveLength(ENDS.length);
});
