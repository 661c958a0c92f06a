import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../console/pages/playground/examples.ts';
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

  it('calls the tool of the console\'s example "Call a tool"', () => {
    const { prompt, settings } = EXAMPLES.find(({ title }) => title === 'Call a tool')!;
    const tools = JSON.parse(settings.tools!) as object[];
    expect(textOf({ input: [user(prompt)], tools })).toMatch(/^call of get_weather with \{"city":/);
  });

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

  it('edits a file and reads it when it is asked for `demo edit`, as an agent that may do so', () => {
    const shell = { type: 'function', name: 'exec_command', parameters: { type: 'object' } };
    const patch = { type: 'custom', name: 'apply_patch' };
    const tools = [shell, patch];
    const result = (output: string) => ({ type: 'function_call_output', output });
    const asked = [user('Demo edit, please')];
    const edit = textOf({ input: asked, tools });
    expect(edit).toMatch(
      /^call of apply_patch with \*\*\* Begin Patch\n\*\*\* Add File: codex-gateway-demo\.md/,
    );
    expect(edit).toContain('+Edit 1 of the demo model');
    expect(textOf({ input: [...asked, ...asked], tools })).toContain('+Edit 2 of the demo model');
    expect(textOf({ input: asked, tools: [shell] })).toMatch(
      /^call of exec_command with .*apply_patch <<'EOF'/,
    );
    const patched = result('Exit code: 0\nOutput:\nSuccess.\n');
    expect(textOf({ input: [...asked, patched], tools })).toBe(
      'call of exec_command with {"cmd":"cat codex-gateway-demo.md"}',
    );
    expect(
      textOf({ input: [...asked, result('patch rejected by user'), result('Output:\nnone\n')], tools }),
    ).toContain(
      'an edit of codex-gateway-demo.md: patch rejected by user\nThen I ran `cat codex-gateway-demo.md`:\nnone',
    );
    expect(textOf({ input: [user('demo edit')], tools: [] })).toContain('You said: demo edit');
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
