import { describe, expect, it } from 'vitest';
import { prepare } from './prepare.ts';

const MB = 1024 * 1024;
const search = '{"type":"web_search"},1,';

describe('a body that is made to hurt', () => {
  it.each([
    ['arrays without an end', Buffer.alloc(MB, '[')],
    ['arrays without an end in the input', Buffer.concat([Buffer.from('{"input":'), Buffer.alloc(MB, '[')])],
    ['a string without an end', Buffer.concat([Buffer.from('{"model":"'), Buffer.alloc(16 * MB, 'x')])],
    ['backslashes', Buffer.concat([Buffer.from('{"model":"'), Buffer.alloc(MB, '\\')])],
    ['bytes without a meaning', Buffer.alloc(MB, 0xff)],
    ['zeros', Buffer.alloc(MB)],
    ['a truncated request', Buffer.from('{"tools":[{"type":"web_search"}],"input":"hi","a":tru')],
    ['two documents', Buffer.from('{"tools":[{"type":"web_search"}]} {}')],
  ])('is sent as it came, by the agent: %s', async (_name, body) => {
    const prepared = await prepare({ body });
    expect(prepared.body).toBe(body);
    expect(prepared.model).toBeUndefined();
    expect(prepared.headers['x-initiator']).toBe('agent');
  });

  it.each([
    [
      'a long string',
      `{"tools":[${search}1],"a":"${'x'.repeat(32 * MB)}"}`,
      `{"tools":[1,1],"a":"${'x'.repeat(32 * MB)}"}`,
    ],
    [
      'a deep value',
      `{"tools":[${search}1],"a":${'['.repeat(MB / 2)}${']'.repeat(MB / 2)}}`,
      `{"tools":[1,1],"a":${'['.repeat(MB / 2)}${']'.repeat(MB / 2)}}`,
    ],
    ['very many tools', `{"tools":[${search.repeat(50_000)}1]}`, `{"tools":[${'1,'.repeat(50_000)}1]}`],
    ['very many tools in a row', `{"tools":[1${',{"type":"web_search"}'.repeat(50_000)}]}`, '{"tools":[1]}'],
    [
      'very many choices',
      `{"a":1${',"tool_choice":{"type":"web_search"},"b":2'.repeat(50_000)}}`,
      `{"a":1${',"b":2'.repeat(50_000)}}`,
    ],
  ])('is read with pauses for other work: %s', async (_name, text, expected) => {
    let turns = 0;
    let timer: NodeJS.Immediate;
    const count = () => {
      turns += 1;
      timer = setImmediate(count);
    };
    timer = setImmediate(count);
    const prepared = await prepare({ body: Buffer.from(text) });
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(2);
    expect(prepared.body.equals(Buffer.from(expected))).toBe(true);
  });

  it('gives the model only if that can be the name of one', async () => {
    const modelOf = async (text: string) => (await prepare({ body: Buffer.from(text) })).model;
    expect(await modelOf('{"model":"gpt-5.5"}')).toBe('gpt-5.5');
    expect(await modelOf('{"model":"a","mod\\u0065l":"gpt\\u002d5"}')).toBe('gpt-5');
    expect(await modelOf('{"model":"a","model":5}')).toBeUndefined();
    expect(await modelOf('{"a":{"model":"b"}}')).toBeUndefined();
    expect(await modelOf(`{"model":"${'x'.repeat(5000)}"}`)).toBeUndefined();
  });

  it('is not read at all with a content-encoding', async () => {
    const body = Buffer.from('{"model":"a","tools":[{"type":"web_search"}]}');
    const prepared = await prepare({ body, headers: { 'content-encoding': 'gzip' } });
    expect(prepared.body).toBe(body);
    expect(prepared.model).toBeUndefined();
    expect(prepared.stripped).toEqual([]);
  });
});
