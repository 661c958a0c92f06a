import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shortenData } from '../../console/pages/playground/snippets/shorten-data.ts';
import {
  writeBody,
  writeCurl,
  writeNode,
  writePython,
} from '../../console/pages/playground/snippets/write-snippets.ts';
import type { PlaygroundRequest } from '../../console/pages/playground/wire/entries.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Text with everything that a shell or a language could take for its own. */
const ODD = 'It\'s $HOME `id` \\n "x" ${1} \nJSON\n\u2028 \u0000 ünï 😀 </script> %s {} \\\\';

const chat: PlaygroundRequest = {
  path: 'v1/chat/completions',
  headers: { 'x-codex-gateway-strict': '1' },
  body: {
    model: 'demo',
    messages: [{ role: 'user', content: [{ type: 'text', text: ODD }] }],
    metadata: { [ODD]: 'x', 'with-dash': null },
    tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: {} } }],
    temperature: 0.5,
    stop: [],
    stream: true,
  },
};

const response: PlaygroundRequest = {
  path: 'v1/responses',
  headers: {},
  body: { model: 'demo', input: ODD, store: false, text: { verbosity: 'low' } },
};

interface Received {
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
}

/** A server that keeps the requests and answers each by an empty answer of its kind. */
async function startReceiver() {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { readonly stream?: boolean };
      received.push({ url: incoming.url, headers: incoming.headers, body });
      outgoing.setHeader('content-type', body.stream === true ? 'text/event-stream' : 'application/json');
      outgoing.end(body.stream === true ? 'data: [DONE]\n\n' : '{"object": "response", "output": []}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

async function run(command: string, args: readonly string[], cwd: string): Promise<number | null> {
  const child = spawn(command, args, {
    cwd,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: cwd, CODEX_GATEWAY_TOKEN: 'a token' },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** Runs a snippet as it is pasted, and returns the request that it makes. */
async function runSnippet(write: typeof writeCurl, request: PlaygroundRequest): Promise<Received> {
  const { received, base } = await startReceiver();
  const folder = temporaryFolder();
  const text = write(request, base);
  if (write === writeNode) {
    // Beside the packages of this clone, where it finds the SDK.
    const file = join(folder, 'ask.mjs');
    writeFileSync(file, text.replace("'openai'", JSON.stringify(import.meta.resolve('openai'))));
    expect(await run(process.execPath, [file], folder)).toBe(0);
  } else {
    const file = join(folder, 'ask.sh');
    writeFileSync(file, text);
    expect(await run('sh', [file], folder)).toBe(0);
  }
  return received[0]!;
}

const withOddText = [chat, response] as const;

describe('the code of a request', () => {
  it.each(withOddText)('asks by curl for what the page asked: $path', async (request) => {
    const { url, headers, body } = await runSnippet(writeCurl, request);
    expect(url).toBe(`/${request.path}`);
    expect(headers).toMatchObject({
      ...request.headers,
      authorization: 'Bearer a token',
      'content-type': 'application/json',
    });
    expect(body).toEqual(request.body);
  });

  it.each(withOddText)('asks in Node for what the page asked: $path', async (request) => {
    const { url, headers, body } = await runSnippet(writeNode, request);
    expect(url).toBe(`/${request.path}`);
    expect(headers).toMatchObject({ ...request.headers, authorization: 'Bearer a token' });
    expect(body).toEqual(request.body);
  });

  it('sends an image of some megabytes by curl, which no argument could hold', async () => {
    const url = `data:image/png;base64,${'A'.repeat(3_000_000)}`;
    const input = [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }];
    const { body } = await runSnippet(writeCurl, { ...response, body: { model: 'demo', input } });
    expect(body).toEqual({ model: 'demo', input });
  });

  it('gives the SDK for Python the same values, and unknown parameters in a body of their own', () => {
    const text = writePython(chat, 'http://127.0.0.1:8000/');
    // Python itself reads the program; a module takes the place of the SDK.
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'openai.py'),
      [
        'import json',
        'def create(**given):',
        '    print(json.dumps(given))',
        '    return []',
        'class Any:',
        '    def __init__(self, **given): pass',
        '    chat = property(lambda self: self)',
        '    completions = property(lambda self: self)',
        '    create = staticmethod(create)',
        'OpenAI = Any',
      ].join('\n'),
    );
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, CODEX_GATEWAY_TOKEN: 'a token' };
    const printed = execFileSync('python3', ['-B', '-c', text], { cwd: folder, env, encoding: 'utf8' });
    const { extra_body: further, extra_headers: headers, ...known } = JSON.parse(printed) as PythonCall;
    expect({ ...known, ...further }).toEqual(chat.body);
    expect(Object.keys(further)).toEqual(['metadata', 'temperature', 'stop']);
    expect(headers).toEqual(chat.headers);
  });

  it('reads well', () => {
    const request = {
      path: 'v1/chat/completions',
      headers: {},
      body: { model: 'demo', messages: [{ role: 'user', content: 'Hello' }], stream: true },
    };
    expect(writeCurl(request, 'http://127.0.0.1:8000/')).toMatchInlineSnapshot(`
      "curl -N http://127.0.0.1:8000/v1/chat/completions \\
        -H "Authorization: Bearer $CODEX_GATEWAY_TOKEN" \\
        -H 'Content-Type: application/json' \\
        --data-binary @- <<'JSON'
      {
        "model": "demo",
        "messages": [{ "role": "user", "content": "Hello" }],
        "stream": true
      }
      JSON"
    `);
    expect(writePython(request, 'http://127.0.0.1:8000/')).toMatchInlineSnapshot(`
      "# pip install openai
      import os
      from openai import OpenAI

      client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key=os.environ["CODEX_GATEWAY_TOKEN"])

      chunks = client.chat.completions.create(
          model="demo",
          messages=[{"role": "user", "content": "Hello"}],
          stream=True,
      )
      for chunk in chunks:
          for choice in chunk.choices:
              print(choice.delta.content or "", end="", flush=True)
              for call in choice.delta.tool_calls or []:
                  print(call.to_json())
      print()"
    `);
    expect(writeNode(request, 'http://127.0.0.1:8000/')).toMatchInlineSnapshot(`
      "// npm install openai, save this as ask.mjs, and run: node ask.mjs
      import OpenAI from 'openai';

      const client = new OpenAI({
        baseURL: "http://127.0.0.1:8000/v1",
        apiKey: process.env.CODEX_GATEWAY_TOKEN,
      });

      const chunks = await client.chat.completions.create({
        model: "demo",
        messages: [{ role: "user", content: "Hello" }],
        stream: true,
      });
      for await (const chunk of chunks) {
        for (const { delta } of chunk.choices) {
          process.stdout.write(delta.content ?? '');
          for (const call of delta.tool_calls ?? []) console.log(call);
        }
      }
      console.log();"
    `);
  });

  it('is read with images cut short', () => {
    const url = `data:image/png;base64,${'A'.repeat(4000)}`;
    expect(shortenData(writeBody({ url, text: 'x' }))).toBe(
      `{\n  "url": "data:image/png;base64,${'A'.repeat(48)}…(3000 bytes)",\n  "text": "x"\n}`,
    );
  });
});

interface PythonCall {
  readonly extra_body: object;
  readonly extra_headers: object;
}
