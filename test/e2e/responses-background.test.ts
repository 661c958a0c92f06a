import { beforeEach, describe, expect, it } from 'vitest';
import { askResponse, eventsOf } from '../support/ask-response.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const responses = () => gateway.client.responses;
beforeEach(() => gateway.upstream.use(say('Hello.')));

const model = 'gpt-5.5';
const BACKGROUND = { model, input: 'hello', background: true } as const;

/** Starts a background response whose text the model has sent only in part. */
async function begin() {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const { id } = await responses().create(BACKGROUND);
  await answer.asked;
  answer.say('Hel');
  return { id, answer, read: () => gateway.fetch(`/v1/responses/${id}?stream=true`) };
}

describe('a background response', () => {
  it('survives its client', async () => {
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const left = new AbortController();
    const stream = await responses().create({ ...BACKGROUND, stream: true }, { signal: left.signal });
    let id = '';
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.in_progress') break;
    }
    left.abort();
    await answer.asked;
    answer.say('Hel', 'lo');
    answer.end();
    const events = eventsOf(await (await gateway.fetch(`/v1/responses/${id}?stream=true`)).text());
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { id } });
    expect((await responses().retrieve(id)).output_text).toBe('Hello');
  });

  it('sends the same events to any number of clients', async () => {
    const { answer, read } = await begin();
    const early = await Promise.all([read(), read()]);
    answer.say('lo');
    answer.end();
    const [first, second] = await Promise.all(early.map((reply) => reply.text()));
    expect(second).toBe(first);
    expect(await (await read()).text()).toBe(first);
  });

  it('cannot be continued before it has ended', async () => {
    const { id, answer, read } = await begin();
    const told = await askResponse(gateway, { previous_response_id: id });
    expect(told).toMatchObject({ status: 400, error: { param: 'previous_response_id' } });
    const stream = await read();
    answer.end();
    await stream.text();
    gateway.upstream.use(say('Yes.'));
    expect(await askResponse(gateway, { previous_response_id: id })).toMatchObject({ status: 200 });
  });

  it('ends for every reader when it is cancelled', async () => {
    const { id, read } = await begin();
    const reader = await read();
    const cancelled = await responses().cancel(id);
    expect(cancelled).toMatchObject({ id, status: 'cancelled', completed_at: null });
    await gateway.upstream.requests.at(-1)!.aborted;
    const events = eventsOf(await reader.text());
    expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'cancelled' } });
    // What was said until then is not part of any conversation, but can be read.
    expect(await responses().retrieve(id)).toMatchObject({ status: 'cancelled' });
  });

  it('stays unchanged when it is cancelled after its end', async () => {
    const { response } = await askResponse(gateway, { background: true, stream: true });
    expect(await responses().cancel(response!.id)).toMatchObject({
      status: 'completed',
      output: response!.output,
    });
  });

  it('is gone and its turn stopped when it is deleted while it runs', async () => {
    const { id, read } = await begin();
    const reader = await read();
    const deleted = await gateway.fetch(`/v1/responses/${id}`, { method: 'DELETE' });
    expect(await deleted.json()).toEqual({ id, object: 'response', deleted: true });
    await gateway.upstream.requests.at(-1)!.aborted;
    await reader.text();
    await expect(responses().retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(responses().cancel(id)).rejects.toMatchObject({ status: 404 });
  });

  it('is refused when the store is off', async () => {
    const told = await askResponse(gateway, { background: true, store: false });
    expect(told).toMatchObject({ status: 400, error: { param: 'background' } });
  });
});

it('a response whose client leaves its stream is stored as cancelled', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const opening = gateway.client.responses.create({ model: 'gpt-5.5', input: 'hello', stream: true });
  answer.say('Hel');
  const stream = await opening;
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') ({ id } = event.response);
    if (event.type === 'response.output_text.delta') break;
  }
  await gateway.upstream.requests.at(-1)!.aborted;
  const status = async () =>
    await gateway.client.responses.retrieve(id).then(
      (kept) => kept.status,
      () => 404,
    );
  await expect.poll(status).toBe('cancelled');
});
