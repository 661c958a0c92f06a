import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { addNamedToken, revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { until } from '../support/process.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const model = 'gpt-5.5';
const messages = [{ role: 'user', content: 'Capital of Switzerland?' }] as const;

/** Adds a token to the running gateway, and returns a client with it. */
async function addGuest(turns: number | null = null) {
  const limits = { turns, requests: null, tokens: null };
  const apiKey = await addNamedToken(gateway.stateDirectory, {
    name: 'guest',
    scopes: ['openai'],
    expires: null,
    limits,
  });
  onTestFinished(() => removeGuest().catch(() => {}));
  return new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey, maxRetries: 0 });
}

const removeGuest = () => revokeNamedToken(gateway.stateDirectory, 'guest');

it('a token that is added again under its name finds nothing of the one before, nor does the main one', async () => {
  gateway.upstream.use(say('Bern.'));
  const first = await addGuest();
  const { id } = await first.responses.create({ model, input: 'hello' });
  expect((await first.responses.retrieve(id)).id).toBe(id);
  await removeGuest();
  const second = await addGuest();
  for (const client of [second, gateway.client])
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});

it('a conversation continues in the thread of its own token alone', async () => {
  gateway.upstream.use(say('Bern.'));
  const guest = await addGuest();
  const ended = () =>
    gateway.log.lines.filter(
      (line) => line.includes('/v1/chat/completions') && line.includes('"status":200'),
    );
  await gateway.client.chat.completions.create({ model, messages: [...messages] });
  const further = [
    ...messages,
    { role: 'assistant', content: 'Bern.' } as const,
    { role: 'user', content: 'And of France?' } as const,
  ];
  await guest.chat.completions.create({ model, messages: further });
  await gateway.client.chat.completions.create({ model, messages: further });
  await until(() => ended().length === 3);
  expect(ended().map((line) => line.includes('"continued":true'))).toEqual([false, false, true]);
});

it('a token has at most its turns at once, and the next one is free when one of them has ended', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const guest = await addGuest(1);
  const running = guest.chat.completions.create({ model, messages: [...messages] });
  await answer.asked;
  const over = { status: 429, code: 'rate_limit_exceeded' };
  await expect(guest.responses.create({ model, input: 'hello' })).rejects.toMatchObject(over);
  await expect(
    guest.responses.create({ model, input: 'hello', background: true, store: true }),
  ).rejects.toMatchObject(over);
  answer.say('Bern.');
  answer.end();
  await running;
  gateway.upstream.use(say('Paris.'));
  // The place is free once Codex has released the turn, which may be a moment after its answer.
  await expect
    .poll(
      async () =>
        (await guest.responses.create({ model, input: 'hello' }).catch(() => undefined))?.output_text,
    )
    .toBe('Paris.');
});
