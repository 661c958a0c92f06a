import type OpenAI from 'openai';
import type { ResponseInput, ResponseInputItem } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { inOrder, sayReasoning, sayUntil, thinkAndCall } from '../support/upstream-answers.ts';
import { callInRounds, outputsOf } from '../support/upstream-tools.ts';
import { breakOff, refuse, say, stall, type UpstreamItem } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';
import * as weather from '../support/weather.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(say('Hello.')));
const responses = () => gateway.client.responses;

const TOOL = { type: 'function', ...weather.TOOL, parameters: weather.CITY_SCHEMA, strict: true } as const;
const REFERENCE_MISSED =
  "Item with id 'msg_unknown' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.";

const lastInput = () => gateway.upstream.requests.at(-1)!.body.input;
const textsOf = (input: readonly UpstreamItem[]) => input.map(({ content }) => content?.[0]?.text);

function refer({ id }: { readonly id?: string | null }): ResponseInputItem.ItemReference {
  return { type: 'item_reference', id: id! };
}

/** Answers every call of a response. */
function outputsFor({ output }: OpenAI.Responses.Response): ResponseInputItem[] {
  return output.flatMap((item) =>
    item.type === 'function_call'
      ? [
          {
            type: 'function_call_output',
            call_id: item.call_id,
            output: weather.weatherIn(JSON.parse(item.arguments) as weather.City),
          },
        ]
      : [],
  );
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('a stored response on %s', (model) => {
  const ask = async (input: string | ResponseInput, further: object = {}) =>
    await responses().create({ model, input, ...further });

  it('continues in a chain of three with the outputs of calls', async () => {
    gateway.upstream.use(callInRounds([weather.CALLS.slice(0, 1), weather.CALLS.slice(1)], weather.ANSWER));
    const first = await ask(weather.QUESTION, { tools: [TOOL] });
    const go = { tools: [TOOL] };
    const second = await ask(outputsFor(first), { ...go, previous_response_id: first.id });
    const third = await ask(outputsFor(second), { ...go, previous_response_id: second.id });
    expect(third).toMatchObject({ output_text: weather.ANSWER, previous_response_id: second.id });
    expect(outputsOf(gateway.upstream.requests.at(-1)!)).toEqual(weather.OUTPUTS);
    const kinds = lastInput().flatMap(({ type, role }) => (role === 'developer' ? [] : [role ?? type]));
    const round = ['function_call', 'function_call_output'];
    expect(kinds).toEqual(['user', ...round, ...round]);

    // Another way may begin at any of them.
    await ask('Never mind.', { previous_response_id: third.id });
    expect(textsOf(lastInput()).slice(-2)).toEqual([weather.ANSWER, 'Never mind.']);
  });

  it('does not pass its instructions on to the next', async () => {
    const first = await ask('hello', { instructions: 'Be brief.' });
    expect(first.instructions).toBe('Be brief.');
    const second = await ask('And then?', { previous_response_id: first.id, instructions: 'Be kind.' });
    expect(second.instructions).toBe('Be kind.');
    const [before, after] = gateway.upstream.requests.map(({ body }) => JSON.stringify(body.input));
    expect([before!.includes('Be brief.'), after!.includes('Be brief.')]).toEqual([true, false]);
    expect(after).toContain('Be kind.');
  });

  it('provides items of every kind by their ids', async () => {
    const script = thinkAndCall('One.', weather.CALLS[0]);
    gateway.upstream.use(inOrder(script, say('Cold.'), say('Yes.')));
    const first = await ask(weather.QUESTION, { tools: [TOOL] });
    const outputs = outputsFor(first);
    const second = await ask(outputs, { tools: [TOOL], previous_response_id: first.id });
    const question = { role: 'user', content: weather.QUESTION } as const;
    const answered = [...first.output.map(refer), ...outputs, ...second.output.map(refer)];
    await ask([question, ...answered, { role: 'user', content: 'Sure?' }]);
    const input = lastInput().filter(({ role }) => role !== 'developer');
    expect(input.map(({ type, role }) => role ?? type)).toEqual([
      'user',
      'reasoning',
      'function_call',
      'function_call_output',
      'assistant',
      'user',
    ]);
    expect(input[1]).toMatchObject({ encrypted_content: 'x' });
    expect(input[2]).toMatchObject({ name: 'get_weather', arguments: '{"city":"Berlin"}' });
  });

  it('provides reasoning by its id, with and without its encrypted content', async () => {
    gateway.upstream.use(inOrder(sayReasoning([['One.']], 'First.'), say('Second.')));
    const { output } = await ask('hello', { reasoning: { summary: 'auto' } });
    expect(output[0]).not.toHaveProperty('encrypted_content');
    await ask([
      { role: 'user', content: 'hello' },
      ...(output as ResponseInput),
      { role: 'user', content: 'And?' },
    ]);
    expect(lastInput().find(({ type }) => type === 'reasoning')).toMatchObject({ encrypted_content: 'x' });
    const include = ['reasoning.encrypted_content'] as const;
    const id = gateway.upstream.requests.length;
    gateway.upstream.use(sayReasoning([['One.']], 'First.'));
    const shown = await ask('hello', { include, store: false });
    expect(shown.output[0]).toMatchObject({ encrypted_content: 'x' });
    expect(gateway.upstream.requests).toHaveLength(id + 1);
  });
});

describe('a reference', () => {
  const model = 'gpt-5.5';

  it('to a response that was not stored is refused', async () => {
    const kept = await responses().create({ model, input: 'hello', store: false });
    expect(kept).toMatchObject({ store: false });
    const { id, output } = kept;
    await expect(responses().retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(responses().delete(id)).rejects.toMatchObject({ status: 404 });
    await expect(responses().create({ model, input: 'x', previous_response_id: id })).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
    const reference = { type: 'item_reference', id: output[0]!.id! } as const;
    await expect(responses().create({ model, input: [reference] })).rejects.toMatchObject({ status: 404 });
    expect(gateway.upstream.requests).toHaveLength(1);
  });

  it('to an unknown item is refused', async () => {
    const reference = { type: 'item_reference', id: 'msg_unknown' } as const;
    const asked = responses().create({ model, input: [reference, { role: 'user', content: 'x' }] });
    await expect(asked).rejects.toMatchObject({
      status: 404,
      error: { message: REFERENCE_MISSED, type: 'invalid_request_error', param: 'input', code: null },
    });
    expect(gateway.upstream.requests).toHaveLength(0);
  });

  it('to a deleted response is refused', async () => {
    const { id } = await responses().create({ model, input: 'hello' });
    const raw = await gateway.fetch(`/v1/responses/${id}`, { method: 'DELETE' });
    expect(await raw.json()).toEqual({ id, object: 'response', deleted: true });
    await expect(responses().retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(responses().create({ model, input: 'x', previous_response_id: id })).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
  });
});

describe('a response that did not complete', () => {
  const model = 'gpt-5.5';

  it('can be continued where it was cut', async () => {
    gateway.upstream.use(inOrder(sayUntil('max_output_tokens', 'Once upon'), say('a time.')));
    const first = await responses().create({ model, input: 'Tell.' });
    expect(first).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(await responses().retrieve(first.id)).toMatchObject({
      status: 'incomplete',
      output: first.output,
    });
    await responses().create({ model, input: 'Go on.', previous_response_id: first.id });
    expect(textsOf(lastInput())).toEqual(['Tell.', 'Once upon', 'Go on.']);
  });

  it('is stored as failed', async () => {
    gateway.upstream.use(breakOff('partial'));
    const stream = await responses().create({ model, input: 'hello', stream: true });
    let id = '';
    const read = async () => {
      for await (const event of stream) if (event.type === 'response.created') id = event.response.id;
    };
    await expect(read()).rejects.toThrow('broke off');
    expect(await responses().retrieve(id)).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
    });
  });

  it('is stored as cancelled when its client has left', async () => {
    gateway.upstream.use(stall('partial'));
    const stream = await responses().create({ model, input: 'hello', stream: true });
    let id = '';
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.output_text.delta') break;
    }
    await gateway.upstream.requests.at(-1)!.aborted;
    await expect.poll(async () => (await responses().retrieve(id)).status).toBe('cancelled');
    expect(await responses().retrieve(id)).toMatchObject({ error: null, completed_at: null });
  });

  it('is not stored when it never began', async () => {
    gateway.upstream.use(
      refuse(400, { error: { message: 'no', type: 'invalid_request_error', param: null, code: null } }),
    );
    await expect(responses().create({ model, input: 'hello' })).rejects.toMatchObject({ status: 400 });
    await expect(responses().create({ model, input: 'hello', stream: true })).rejects.toMatchObject({
      status: 400,
    });
  });
});
