import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });
});

const input = 'hello';

/** Asks again and again, as OpenAI's guide does. */
async function poll(id: string): Promise<OpenAI.Responses.Response> {
  for (;;) {
    const response = await client.responses.retrieve(id);
    if (response.status !== 'queued' && response.status !== 'in_progress') return response;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function textOf(events: readonly ResponseStreamEvent[]): string {
  return events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('the openai SDK on %s', (model) => {
  it('retrieves and deletes a response, and cannot stream it again', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { id, output } = await client.responses.create({ model, input });
    expect(await client.responses.retrieve(id)).toMatchObject({ id, output, output_text: 'Hello' });
    const stream = client.responses.retrieve(id, { stream: true });
    await expect(stream).rejects.toMatchObject({ status: 400, param: 'stream' });

    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(client.responses.delete(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('starts a background response and polls for it', async () => {
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const begun = await client.responses.create({ model, input, background: true });
    expect(begun).toMatchObject({ background: true, output: [], error: null });
    expect(['queued', 'in_progress']).toContain(begun.status);
    await answer.asked;
    answer.say('Hel', 'lo');
    answer.end();
    expect(await poll(begun.id)).toMatchObject({ id: begun.id, status: 'completed', output_text: 'Hello' });
  });

  it('leaves the stream of a background response and resumes it where it stopped', async () => {
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const stream = await client.responses.create({ model, input, background: true, stream: true });
    const seen: ResponseStreamEvent[] = [];
    answer.say('Hel');
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.output_text.delta') break;
    }
    const first = seen[0] as OpenAI.Responses.ResponseCreatedEvent;
    const place = { stream: true, starting_after: seen.at(-1)!.sequence_number } as const;
    const later = await client.responses.retrieve(first.response.id, place);
    answer.say('lo');
    answer.end();
    const rest = await Array.fromAsync(later);
    expect([textOf(seen), textOf(rest)]).toEqual(['Hel', 'lo']);
    const numbers = [...seen, ...rest].map(({ sequence_number: number }) => number);
    expect(numbers).toEqual([...numbers.keys()]);
    expect(rest.at(-1)).toMatchObject({ type: 'response.completed' });

    // It has ended, and its events are still the same.
    const again = await Array.fromAsync(await client.responses.retrieve(first.response.id, place));
    expect(again).toEqual(rest);
    const helped = client.responses.stream({ response_id: first.response.id });
    expect((await helped.finalResponse()).output_text).toBe('Hello');
  });

  it('cancels a background response', async () => {
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const { id } = await client.responses.create({ model, input, background: true });
    await answer.asked;
    expect(await client.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    await gateway.upstream.requests.at(-1)!.aborted;
    expect(await client.responses.retrieve(id)).toMatchObject({ status: 'cancelled', error: null });
    expect(await client.responses.cancel(id)).toMatchObject({ status: 'cancelled' });
  });

  it('cannot cancel a response that is not in the background', async () => {
    gateway.upstream.use(say('Hello'));
    const { id } = await client.responses.create({ model, input });
    await expect(client.responses.cancel(id)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});
