import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { processEnvironment, readSettings } from '../../src/app/config/config.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createFolder } from '../support/temporary-folder.ts';

/** Another model than the default can be named. */
const { CODEX_GATEWAY_LIVE_MODEL } = processEnvironment();

describe.each(['auto', 'off'] as const)('the signed-in provider with nativeTools %s', (nativeTools) => {
  const folder = createFolder();
  let gateway: RunningGateway;
  let client: OpenAI;
  let model: string;

  beforeAll(async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ port: 0, token: 'token-of-the-live-test', nativeTools }));
    const environment = { ...processEnvironment(), XDG_STATE_HOME: folder };
    const settings = await readSettings({ config }, environment);
    gateway = await startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
    client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: 'token-of-the-live-test', maxRetries: 0 });
    model = CODEX_GATEWAY_LIVE_MODEL ?? gateway.model;
  });
  afterAll(async () => {
    await gateway.close(AbortSignal.abort());
    rmSync(folder, { recursive: true, force: true });
  });

  it('is signed in', () => {
    expect(gateway.login.type).not.toBe('signed-out');
  });

  it('lists models', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toContain(model);
  });

  it('answers without streaming, with usage', async () => {
    const completion = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Answer with the one word: pong' }],
    });
    expect(completion.choices[0]!.message.content).toMatch(/pong/i);
    expect(completion.choices[0]!.finish_reason).toBe('stop');
    expect(completion.usage!.prompt_tokens).toBeGreaterThan(0);
  });

  it('streams an answer', async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'Count from one to ten in words.' }],
    });
    expect(await stream.finalContent()).toMatch(/ten/i);
  });

  it('follows the system message and the history', async () => {
    const completion = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: 'Answer in upper case only.' },
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: 'NOTED.' },
        { role: 'user', content: 'What is my name? Answer with the name alone.' },
      ],
    });
    expect(completion.choices[0]!.message.content).toContain('ADA');
  });

  it('calls a tool and uses its result', async () => {
    const tool = {
      type: 'function' as const,
      function: {
        name: 'temperature',
        description: 'The temperature in a city, in degrees Celsius.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    };
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'How warm is it in Oslo and in Rome? Ask for both at once.' },
    ];
    const asked = await client.chat.completions.create({
      model,
      messages,
      tools: [tool],
      tool_choice: 'required',
    });
    const { message } = asked.choices[0]!;
    expect(asked.choices[0]!.finish_reason).toBe('tool_calls');
    const results = message.tool_calls!.map(({ id }, index) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: String(17 + index),
    }));
    const answered = await client.chat.completions.create({
      model,
      messages: [...messages, message, ...results],
      tools: [tool],
    });
    expect(JSON.stringify(answered.choices[0]!.message)).toMatch(/17|temperature/);
  });

  it('answers according to a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { capital: { type: 'string' } },
      required: ['capital'],
      additionalProperties: false,
    };
    const completion = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'What is the capital of Norway?' }],
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    });
    expect(JSON.parse(completion.choices[0]!.message.content!)).toEqual({ capital: 'Oslo' });
  });

  it('continues a response by its items and by its id', async () => {
    const first = await client.responses.create({
      model,
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
      input: 'Think of a number from 1 to 9 and tell it.',
    });
    const [, number] = /([1-9])/.exec(first.output_text) ?? [];
    const input: OpenAI.Responses.ResponseInput = [
      ...(first.output as OpenAI.Responses.ResponseInputItem[]),
      { role: 'user', content: 'Which number was it? Answer with the digit alone.' },
    ];
    const byItems = await client.responses.create({ model, input, store: false });
    const byId = await client.responses.create({
      model,
      previous_response_id: first.id,
      input: 'Which number was it? Answer with the digit alone.',
    });
    expect([byItems.output_text, byId.output_text]).toEqual([number, number]);
  });

  it('calls a custom tool with input that follows its grammar', async () => {
    const response = await client.responses.create({
      model,
      tools: [
        {
          type: 'custom',
          name: 'sum',
          description: 'Works out a sum, such as 1+2.',
          format: { type: 'grammar', syntax: 'regex', definition: '\\d+(\\+\\d+)+' },
        },
      ],
      input: 'Call the tool to work out 17 plus 25.',
    });
    expect(response.output).toContainEqual(
      expect.objectContaining({ type: 'custom_tool_call', name: 'sum', input: '17+25' }),
    );
  });
});
