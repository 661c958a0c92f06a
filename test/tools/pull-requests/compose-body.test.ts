import fc from 'fast-check';
import { marked } from 'marked';
import { expect, it } from 'vitest';
import { composeBody } from '../../../src/tools/pull-requests/compose-body.ts';
import { anyText } from '../../support/any-text.ts';
import { cpuTimeOf } from '../../support/cpu-time.ts';
import { runCount } from '../../support/run-count.ts';

const BY = { assistant: 'codex', key: 'laptop', requestId: 'req_1' } as const;
/** Ends a block of code if one is open, and is a comment if none is. */
const FENCE_END = '\n\n<!--\n```\n-->';
const LINE = 'Opened by codex-gateway via Codex (key laptop, request req_1)';

it.each([
  ['', LINE],
  ['Text.\n', `Text.\n\n${LINE}`],
  ['a\r\nb\rc', `a\nb\nc\n\n${LINE}`],
  ['A `Map<string, List<number>>` for `<details>`less <b>bold</b>.', undefined],
  ['```ts\nconst a = <T,>() => <div title="\n<!--\n```\n\nText.', undefined],
  ['<!-- a note -->\n<div align="center">\n\nText\n</div>\n\n<https://example.com/?a=b>', undefined],
])('a body with nothing open stays as it is: %j', (body, expected) => {
  const closed = body.includes('<details>') ? `${body}\n\n</details>` : body;
  expect(composeBody(body, BY)).toBe(expected ?? `${closed}\n\n${LINE}`);
});

it.each([
  ['Opened by codex-gateway via Copilot (key x, request y)'],
  ['  > **opened  BY codex–gateway via** a script'],
  ['1. Opened by codex-gateway via Copilot'],
  ['Ｏpened by co\u200Bdex-gateway via Copilot'],
  ['<b>Opened by</b> codex-gateway via Copilot'],
])('a line that claims to be the last one is left out: %j', (claim) => {
  expect(composeBody(`Before.\n${claim}\nAfter.`, BY)).toBe(`Before.\nAfter.\n\n${LINE}`);
});

it('the body of a dry run can be sent again', () => {
  const once = composeBody('Text.\n<details>\nmore', BY);
  expect(composeBody(once, { ...BY, requestId: 'req_2' })).toContain('request req_2)');
  expect(composeBody(once, BY).split(LINE)).toHaveLength(2);
});

it.each([
  ['<!-- never closed', '&lt;!-- never closed'],
  ['a <!-- b --> c <!--', 'a <!-- b --> c &lt;!--'],
  ['<!-->', '&lt;!-->'],
  ['<? x', '&lt;? x'],
  ['<!DOCTYPE x', '&lt;!DOCTYPE x'],
  ['```\ncode', '```\ncode\n```'],
  ['~~~~ts\ncode\n~~~', '~~~~ts\ncode\n~~~\n~~~~'],
  ['<details><summary>More</summary>', '<details><summary>More</summary>\n\n</summary></details>'],
  ['see <DETAILS>', 'see <DETAILS>\n\n</details>'],
  ['<div title="', '&lt;div title="'],
  ['<div title="\n\n">', '&lt;div title="\n\n">'],
  ['<div x" a=">', '&lt;div x" a=">'],
  ['> <div title="', '> &lt;div title="'],
  ['</div x="', '&lt;/div x="'],
  ['- a\n\n  ```\n<!--', '- a\n\n  ```\n&lt;!--' + FENCE_END],
  ['  ```\n```\n<!--', '  ```\n```\n&lt;!--' + FENCE_END],
  ['<!--\n```\n-->\n<div title="\n```', '<!--\n```\n-->\n&lt;div title="\n```' + FENCE_END],
  [' ```\ncode', ' ```\ncode' + FENCE_END],
  ['- ```\n```\ncode', '- ```\n```\ncode' + FENCE_END],
  [' ```\ncode' + FENCE_END, ' ```\ncode' + FENCE_END],
  ['- ~~~~\n~~~\n```', '- ~~~~\n~~~\n```' + FENCE_END + '\n<!--\n~~~\n-->'],
  ['> <!--\n\n-->', '> &lt;!--\n\n-->'],
  ['> <!--\n-->', '> &lt;!--\n-->'],
  ['- <!-- a\n\n-->', '- &lt;!-- a\n\n-->'],
  ['- a\n  <!--\n\n-->', '- a\n  &lt;!--\n\n-->'],
  ['<div>\n<!--\n\n-->', '<div>\n&lt;!--\n\n-->'],
  ['x <?><style>?>', 'x &lt;?><style>?>\n\n</style>'],
  ['x <![CDATA[><title>]]>', 'x &lt;![CDATA[><title>]]>\n\n</title>'],
  ['<div><ruby>x<rp>', '<div><ruby>x<rp>\n\n</rp></ruby>'],
  ['see <code>', 'see <code>\n\n</code>'],
  ['<x:y?"">', '&lt;x:y?"">'],
])('markup that would hide the last line is closed or becomes text: %j', (body, expected) => {
  expect(composeBody(body, BY)).toBe(`${expected}\n\n${LINE}`);
});

it('a name of a key or a request has no meaning in Markdown', () => {
  const body = composeBody('', { ...BY, key: 'a b', requestId: 'x)<!--@octo#1[a](b)`\n' });
  expect(body).toBe(
    'Opened by codex-gateway via Codex (key a b, request x_%3C_--%40octo%231%5Ba%5D_b_%60%0A)',
  );
});

it('whatever the body, its last line is the one of the gateway, alone, after an empty line', () => {
  const parts = [
    '<',
    '!--',
    '-->',
    '```',
    '~~~',
    '> ',
    '- ',
    '\n',
    ' ',
    '"',
    'details',
    '>',
    'Opened by codex-gateway via',
    'é',
    '\0',
  ];
  const body = fc.array(fc.oneof(fc.constantFrom(...parts), anyText()), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(body, (texts) => {
      const composed = composeBody(texts.join(''), BY);
      const lines = composed.split('\n');
      expect(lines.at(-1)).toBe(LINE);
      expect(lines.length === 1 || lines.at(-2) === '').toBe(true);
      expect(lines.filter((line) => line.startsWith('Opened by codex-gateway via'))).toEqual([LINE]);
      const shown = (marked.parse(composed) as string).replaceAll(/<!--[^]*?(?:-->|$)/g, '');
      expect(shown.trimEnd().endsWith(`<p>${LINE}</p>`)).toBe(true);
    }),
    runCount(50),
  );
});

it.each([
  ['<'.repeat(60_000)],
  ['<a '.repeat(20_000)],
  ['<!--'.repeat(15_000)],
  [`${FENCE_END.repeat(4_000)}x`],
  ['```a\n'.repeat(12_000)],
  ['\n'.repeat(60_000)],
  ['> '.repeat(30_000)],
  [`<a${' '.repeat(1_990)}`.repeat(30)],
  [`<a${' b'.repeat(990)}`.repeat(30)],
  ['<details>'.repeat(6_000)],
])('a body of 60,000 signs is composed at once (case %#)', (body) => {
  let composed = '';
  expect(cpuTimeOf(() => (composed = composeBody(body, BY)))).toBeLessThan(2_000);
  expect(composed.endsWith(LINE)).toBe(true);
});
