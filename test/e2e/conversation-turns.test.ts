import OpenAI from 'openai';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { startTestGateway } from '../support/gateway.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { breakOff, say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(say('Hello.')));

const create = async () => await gateway.client.conversations.create();

/** Returns the texts of a conversation, oldest first. */
async function saidIn(id: string): Promise<unknown[]> {
  const { data } = await gateway.client.conversations.items.list(id, { order: 'asc' });
  return data.map((item) =>
    item.type === 'message' ? (item.content[0] as { text: string }).text : item.type,
  );
}

describe('a conversation', () => {
  it('gains nothing from a response that fails', async () => {
    const { id } = await create();
    await askResponse(gateway, { conversation: id, input: 'one' });
    gateway.upstream.use(breakOff('partial'));
    const whole = await askResponse(gateway, { conversation: id, input: 'two' });
    const streamed = await askResponse(gateway, { conversation: id, input: 'three', stream: true });
    expect([whole.status, streamed.response?.status]).toEqual([502, 'failed']);
    expect(await saidIn(id)).toEqual(['one', 'Hello.']);
  });

  it('keeps every item when a new one repeats an earlier id', async () => {
    const { id } = await create();
    const said = (content: string) => ({ role: 'user', content, id: 'msg_same' });
    await askResponse(gateway, { conversation: id, input: [said('one'), said('two')] });
    await askResponse(gateway, { conversation: id, input: [said('three')] });
    expect(await saidIn(id)).toEqual(['one', 'two', 'Hello.', 'three', 'Hello.']);
  });

  it('keeps a response that has store: false', async () => {
    const { id } = await create();
    const { response } = await askResponse(gateway, { conversation: id, input: 'one', store: false });
    expect(await saidIn(id)).toEqual(['one', 'Hello.']);
    await expect(gateway.client.responses.retrieve(response!.id)).rejects.toMatchObject({ status: 404 });
  });

  it('gains a background response when it has ended', async () => {
    const { id } = await create();
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const begun = await askResponse(gateway, { conversation: { id }, background: true });
    await answer.asked;
    expect(begun.response).toMatchObject({ conversation: { id } });
    expect(await saidIn(id)).toEqual([]);
    const stream = await gateway.client.responses.retrieve(begun.response!.id, { stream: true });
    answer.say('Hel', 'lo');
    answer.end();
    await Array.fromAsync(stream);
    expect(await saidIn(id)).toEqual(['hello', 'Hello']);
  });

  it('gains nothing from a response that is cancelled', async () => {
    const { id } = await create();
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const { response } = await askResponse(gateway, { conversation: id, background: true });
    await answer.asked;
    await gateway.client.responses.cancel(response!.id);
    expect(await saidIn(id)).toEqual([]);
  });

  it('keeps its items when its responses are deleted', async () => {
    const { id } = await create();
    const { response } = await askResponse(gateway, { conversation: id });
    await gateway.client.responses.delete(response!.id);
    expect(await saidIn(id)).toEqual(['hello', 'Hello.']);
    await askResponse(gateway, { conversation: id, input: 'And then?' });
    const said = gateway.upstream.requests.at(-1)!.body.input.map(({ content }) => content?.[0]?.text);
    expect(said).toEqual(['hello', 'Hello.', 'And then?']);
  });

  it('cannot be combined with previous_response_id', async () => {
    const { id } = await create();
    const { response } = await askResponse(gateway, {});
    const told = await askResponse(gateway, { conversation: id, previous_response_id: response!.id });
    expect(told).toMatchObject({ status: 400, error: { param: 'previous_response_id' } });
  });

  it('gets a 404 when it does not exist or belongs to another caller', async () => {
    const unknown = await askResponse(gateway, { conversation: 'conv_unknown' });
    expect(unknown).toMatchObject({ status: 404, error: { param: 'conversation' } });
    const environment = { XDG_STATE_HOME: gateway.stateDirectory.replace(/\/codex-gateway$/, '') };
    const foreign = await startTestGateway({ environment, config: { token: 'another-token-of-this-test' } });
    onTestFinished(() => foreign.close());
    const stranger = new OpenAI({
      baseURL: `${foreign.running.origin}/v1`,
      apiKey: 'another-token-of-this-test',
      maxRetries: 0,
    });
    const { id } = await create();
    const theirs = { model: 'gpt-5.5', input: 'hello', conversation: id };
    await expect(stranger.responses.create(theirs)).rejects.toMatchObject({
      status: 404,
      param: 'conversation',
    });
    await expect(stranger.conversations.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.conversations.items.list(id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.conversations.delete(id)).rejects.toMatchObject({ status: 404 });
    expect(foreign.upstream.requests).toHaveLength(0);
  });
});
