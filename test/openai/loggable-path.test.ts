import { expect, it } from 'vitest';
import { loggablePath } from '../../src/openai/loggable-path.ts';

it.each([
  'messages[0].tool_calls[1].function',
  'input[3].encrypted_content',
  'text.format.schema.properties.*.items',
  'web_search_options.user_location.approximate.timezone',
  'tools[].code_interpreter',
  'items[0].content',
  'suffix',
])('keeps %s, which holds only names of the API', (path) => {
  expect(loggablePath(path)).toBe(path);
});

it('masks keys that the caller made up', () => {
  expect(loggablePath('metadata.my-password')).toBe('metadata.*');
  expect(loggablePath('tools[0].function.parameters.properties.salary')).toBe(
    'tools[0].function.parameters.properties.*',
  );
});
