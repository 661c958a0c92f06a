import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, patchOf } from '../agent-upstream.ts';
import { addTestToken } from '../add-token.ts';
import { lookingForNothing, startTestGateway, type TestGateway } from '../gateway.ts';
import { createVisibleFolder } from '../temporary-folder.ts';
import { refuse, say, type Script } from '../upstream.ts';

/** A gateway with something to see on every page of the console. */
export interface FilledGateway {
  readonly gateway: TestGateway;
  /** Ids of a session that has ended its work, and of one that waits for a decision. */
  readonly sessions: { readonly done: string; readonly waiting: string };
  close(): Promise<void>;
}

const CART = `export function totalOf(items) {
  let total = 0;
  for (const item of items) total += item.price;
  return total;
}
`;

const SUM_UP = patchOf(
  '*** Update File: cart.js',
  '@@',
  ' export function totalOf(items) {',
  '-  let total = 0;',
  '-  for (const item of items) total += item.price;',
  '-  return total;',
  '+  return items.reduce((total, { price, count }) => total + price * count, 0);',
  ' }',
);

const DISCOUNT = patchOf(
  '*** Add File: discount.js',
  '+/** Returns the price after a discount in percent. */',
  '+export function discounted(price, percent) {',
  '+  return price * (1 - percent / 100);',
  '+}',
);

const ANSWER = `A closure is a **function together with the variables** around it.

\`\`\`js
const counter = () => {
  let count = 0;
  return () => (count += 1);
};
\`\`\`

| call | result |
|---|---|
| first | 1 |
| second | 2 |`;

/** Answers by what the last message of the person says. */
function answerAsAsked(): Script {
  const scripts: Readonly<Record<string, Script>> = {
    'Count the items': act(
      [SUM_UP],
      [{ command: 'cat cart.js' }],
      'The total now counts how many there are of each item.',
    ),
    'Add a discount': act([DISCOUNT], 'The discount is there.'),
    'too many': refuse(429, {
      error: { type: 'rate_limit_exceeded', code: 'rate_limit_exceeded', message: 'Slow down.' },
    }),
  };
  return (request, response) => {
    for (const [name, value] of Object.entries(limits())) response.setHeader(name, value);
    const asked = request.body.input.findLast(({ role }) => role === 'user')?.content?.at(-1)?.text ?? '';
    const script = Object.entries(scripts).find(([words]) => asked.includes(words))?.[1] ?? say(ANSWER);
    return script(request, response);
  };
}

/** Limits of an account, as the provider sends them with each answer. */
const limits = () => ({
  'x-codex-primary-used-percent': '34',
  'x-codex-primary-window-minutes': '300',
  'x-codex-primary-reset-at': String(Math.floor(Date.now() / 1000) + 7_300),
  'x-codex-secondary-used-percent': '81',
  'x-codex-secondary-window-minutes': '10080',
  'x-codex-secondary-reset-at': String(Math.floor(Date.now() / 1000) + 300_000),
});

/** Starts a gateway that has answered requests, run tools, and let agents work. */
export async function startFilledGateway(port = 0): Promise<FilledGateway> {
  const root = createVisibleFolder();
  const shop = join(root, 'shop');
  mkdirSync(shop);
  writeFileSync(join(shop, 'cart.js'), CART);
  mkdirSync(join(root, 'handbook'));
  writeFileSync(join(root, 'handbook/refunds.md'), '# Refunds\n\nA customer gets a refund within 30 days.\n');
  const gateway = await startTestGateway({
    codexConfig: lookingForNothing,
    config: {
      port,
      models: [
        { id: 'gpt-5.5' },
        { id: 'deep', model: 'gpt-5.5', reasoningEffort: 'high' },
        { id: 'quick', model: 'gpt-5.5', reasoningEffort: 'low', verbosity: 'low' },
      ],
      sessions: { roots: [root] },
      tools: { knowledge: [join(root, 'handbook/**/*.md')] },
    },
  });
  gateway.upstream.use(answerAsAsked());
  await addKeys(gateway);
  await makeRequests(gateway);
  await callTools(gateway);
  const done = await runSession(gateway, shop, 'Count the items of a cart by their number.', 'none');
  const waiting = await runSession(gateway, shop, 'Add a discount to the shop.', 'edits');
  return {
    gateway,
    sessions: { done, waiting },
    async close() {
      await gateway.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function addKeys({ stateDirectory }: TestGateway): Promise<void> {
  await addTestToken(stateDirectory, 'laptop');
  await addTestToken(stateDirectory, 'nightly-build', { scope: 'openai,tools', expires: '30d' });
}

async function makeRequests(gateway: TestGateway): Promise<void> {
  const ask = (model: string, content: string, client: string) =>
    gateway
      .post({ model, messages: [{ role: 'user', content }] }, { headers: { 'user-agent': client } })
      .then((response) => response.text());
  await ask('gpt-5.5', 'What is a closure?', 'OpenAI/Python 2.4.0');
  await ask('deep', 'Explain closures in depth.', 'opencode/1.2.0');
  await ask('quick', 'One word for it?', 'aider/0.90.0');
  await ask('gpt-4', 'Which model are you?', 'OpenAI/JS 7.55.0');
  await ask('gpt-5.5', 'This is one of too many.', 'Cline/3.2');
  await fetch(`${gateway.running.origin}/v1/models`, { headers: { authorization: 'Bearer not-the-token' } });
  const body = JSON.stringify({ model: 'deep', input: 'What is a closure?', stream: true });
  await (await gateway.fetch('/v1/responses', { method: 'POST', body })).text();
}

async function callTools(gateway: TestGateway): Promise<void> {
  const call = (path: string, body: object) =>
    gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) }).then((response) => response.text());
  await call('/tools/v1/kb/search', { query: 'refunds for customers' });
  await call('/tools/v1/repo/hygiene', { diff: '--- a/a.ts\n+++ b/a.ts\n@@ -7,0 +8 @@\n+<<<<<<< HEAD\n' });
}

/** Lets an agent work until its turn has ended, or waits for a decision. */
async function runSession(
  gateway: TestGateway,
  folder: string,
  message: string,
  review: string,
): Promise<string> {
  const send = (path: string, body: object) =>
    gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) });
  const created = await send('/chat/sessions', { workspace_root: folder, review });
  const { session } = (await created.json()) as { readonly session: { readonly id: string } };
  const path = `/chat/sessions/${session.id}`;
  const { body } = await gateway.fetch(`${path}/stream?events=delta`);
  await send(`${path}/messages`, { message });
  let heard = '';
  for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
    heard += piece;
    if (/^event: (?:turn\.completed|approval\.requested)$/m.test(heard)) break;
  }
  return session.id;
}
