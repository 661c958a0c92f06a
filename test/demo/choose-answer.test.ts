import { describe, expect, it } from 'vitest';
import { chooseAnswer } from '../../src/demo/choose-answer.ts';
import { readRequest } from '../../src/demo/read-request.ts';

const user = (text: string) => ({ role: 'user', content: [{ type: 'input_text', text }] });
const weather = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { enum: ['Oslo'] } }, required: ['city'] },
};
const answerTo = (body: object) => chooseAnswer(readRequest(body));
const textOf = (body: object) => {
  const { content } = answerTo(body);
  return 'text' in content ? content.text : `call of ${content.tool.name} with ${content.input}`;
};

describe('the demo', () => {
  it('repeats the last message of the user', () => {
    expect(textOf({ input: [user('first'), user('Hello')] })).toContain('You said: Hello');
    expect(textOf({})).toContain('You said nothing.');
  });

  it.each(['Use get_weather.', 'get weather, please', 'Call a tool.'])(
    'calls the tool for "%s"',
    (prompt) => {
      expect(textOf({ input: [user(prompt)], tools: [weather] })).toBe(
        'call of get_weather with {"city":"Oslo"}',
      );
    },
  );

  it('takes the complete schema of the arguments from the description', () => {
    const description = 'Weather. JSON Schema of the arguments: {"properties":{"city":{"const":"Rome"}}}';
    const tool = { ...weather, description };
    expect(textOf({ input: [user('get_weather')], tools: [tool] })).toBe(
      'call of get_weather with {"city":"Rome"}',
    );
  });

  it('shows the result of a tool and does not call it again', () => {
    const result = { type: 'function_call_output', output: 'Sunny' };
    expect(textOf({ input: [user('Use get_weather.'), result], tools: [weather] })).toContain(
      'The tool returned: Sunny',
    );
  });

  it('answers in JSON of the schema, whether it is a parameter or part of the instructions', () => {
    const schema = { type: 'object', properties: { ok: { const: true } }, required: ['ok'] };
    expect(textOf({ text: { format: { type: 'json_schema', schema } } })).toBe('{"ok":true}');
    const any = { role: 'developer', content: 'Answer in JSON.' };
    expect(textOf({ input: [user('Hi'), any] })).toMatch(/^\{"answer":/);
  });

  it('summarises its reasoning if an effort and a summary are asked for', () => {
    expect(answerTo({ reasoning: { effort: 'high', summary: 'auto' } }).thought).toContain("effort 'high'");
    expect(answerTo({ reasoning: { effort: 'high' } }).thought).toBeUndefined();
    expect(answerTo({ reasoning: { effort: 'none', summary: 'auto' } }).thought).toBeUndefined();
  });
});
