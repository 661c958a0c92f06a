import { describe, expect, it } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { ask, WAYS } from '../support/ask.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const base64 = (text: string) => Buffer.from(text).toString('base64');
const withFiles = (...files: readonly object[]) => ({
  messages: [
    {
      role: 'user',
      content: [{ type: 'text', text: 'Read.' }, ...files.map((file) => ({ type: 'file', file }))],
    },
  ],
});

describe.each(['gpt-5.5', 'gpt-6-sol'])('files for %s', (model) => {
  it.each(WAYS)('are sent upstream as text in their place and named in the header, %s', async (way) => {
    const files = [
      { filename: 'a "b".md', file_data: `data:text/markdown;base64,${base64('# Grüße 👍')}` },
      { file_data: base64('{"a":1}') },
    ];
    const told = await ask(gateway, way, { model, ...withFiles(...files) });
    expect(told).toMatchObject({
      status: 200,
      ignored: null,
      adjusted: 'messages[0].content[1].file=file->text, messages[0].content[2].file=file->text',
    });
    expect(gateway.upstream.requests.at(-1)!.body.input.at(-1)).toMatchObject({
      role: 'user',
      content: [
        { text: 'Read.' },
        { text: '<file name="a \\"b\\".md">\n# Grüße 👍\n</file>' },
        { text: '<file name="file">\n{"a":1}\n</file>' },
      ],
    });
  });
});

it.each(BASE64_FORMS)('a file with base64 %s is sent upstream as its text', async (_how, write) => {
  const text = 'The name is naïve ??>>~~ and long.';
  const file_data = `data:text/plain;base64,${write(base64(text))}`;
  expect((await ask(gateway, 'whole', withFiles({ filename: 'a.txt', file_data }))).status).toBe(200);
  const file = { text: `<file name="a.txt">\n${text}\n</file>` };
  expect(gateway.upstream.requests.at(-1)!.body.input.at(-1)).toMatchObject({ content: [{}, file] });
  const content = [{ type: 'input_file', filename: 'a.txt', file_data }];
  expect((await askResponse(gateway, { input: [{ role: 'user', content }] })).status).toBe(200);
  expect(gateway.upstream.requests.at(-1)!.body.input.at(-1)).toMatchObject({ content: [file] });
});

it.each([
  [
    'a PDF',
    { filename: 'a.pdf', file_data: `data:application/pdf;base64,${base64('%PDF-1.7')}` },
    'file_data',
  ],
  ['a file by its id', { file_id: 'file-1' }, 'file_id'],
  ['a file by its id beside its data', { file_id: 'file-1', file_data: base64('x') }, 'file_id'],
  ['bytes that are not text', { file_data: Buffer.from([0x66, 0xff]).toString('base64') }, 'file_data'],
  ['what is not base64', { file_data: 'Hello, world!' }, 'file_data'],
  ['no data at all', { filename: 'a.md' }, 'file_data'],
])('refuses %s with a 400 that names it', async (_name, file, key) => {
  const before = gateway.upstream.requests.length;
  const told = await ask(gateway, 'whole', withFiles(file));
  expect(told).toMatchObject({ status: 400, error: { param: `messages[0].content[1].file.${key}` } });
  expect(gateway.upstream.requests).toHaveLength(before);
});

it('says how to send a file or an image that is referred to by its id', async () => {
  const { error } = await ask(gateway, 'whole', withFiles({ file_id: 'file-1' }));
  expect(error?.message).toBe(
    "Unsupported parameter: 'messages[0].content[1].file.file_id' is not supported with this model. Send the file's text in file_data, as base64.",
  );
  const content = [{ type: 'input_image' as const, detail: 'auto' as const, file_id: 'file-1' }];
  await expect(
    gateway.client.responses.create({ model: 'gpt-5.5', input: [{ role: 'user', content }] }),
  ).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    message: expect.stringMatching(
      /is not supported with this model\. Send the image in image_url, as a base64 data URL or an http\(s\) URL\.$/,
    ),
  });
});

it.each(['system', 'assistant', 'tool'])('refuses a file in a message of the role %s', async (role) => {
  const { messages } = withFiles({ file_data: base64('x') });
  const told = await ask(gateway, 'whole', {
    messages: [{ ...messages[0], role, ...(role === 'tool' && { tool_call_id: 'a' }) }],
  });
  expect(told).toMatchObject({ status: 400, error: { param: 'messages[0].content[1]' } });
});
