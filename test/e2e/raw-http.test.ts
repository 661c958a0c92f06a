import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { bodyLimit: 10_000 } });

const HOST = 'Host: localhost\r\n';
const KEY = `Authorization: Bearer ${TOKEN}\r\n`;
const BODY = JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] });
const post = (headers: string, length = BODY.length) =>
  `POST /v1/chat/completions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are over a connection of its own. */
function dial(bytes: string): Socket & { text: string } {
  const { hostname, port } = new URL(gateway.running.origin);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const dialed = Object.assign(socket, { text: '' });
  socket.setEncoding('latin1').on('data', (text: string) => (dialed.text += text));
  socket.write(bytes, 'latin1');
  return dialed;
}

/** All answers that came so far; the last one may be incomplete. */
function readAnswers(text: string): Answer[] {
  const [head, ...rest] = text.split('\r\n\r\n');
  if (head === undefined || rest.length === 0) return [];
  const [start = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const after = text.slice(head.length + 4);
  const length = Number(headers['content-length'] ?? 0);
  const answer = { status: Number(start.split(' ')[1]), headers, body: after.slice(0, length) };
  return [answer, ...readAnswers(after.slice(length))];
}

/** Sends bytes and returns the answers, once there is a last one with its whole body. */
async function talk(bytes: string, { closeSending = false } = {}): Promise<Answer[]> {
  const socket = dial(bytes);
  if (closeSending) socket.end();
  const isWhole = () => {
    const last = readAnswers(socket.text).at(-1);
    return last !== undefined && last.status !== 100 && last.body !== '';
  };
  let isClosed = false;
  socket.once('close', () => (isClosed = true)).once('end', () => (isClosed = true));
  await until(() => isClosed || isWhole());
  socket.destroy();
  return readAnswers(socket.text);
}

const errorOf = ({ body }: Answer) =>
  (JSON.parse(body) as { error: { code: string; message: string } }).error;

describe('a request that Node would answer without a body', () => {
  it.each<[what: string, bytes: string, status: number, error: [code: string, message: string]]>([
    ['without a Host header', 'GET /v1/models HTTP/1.1\r\n\r\n', 400, ['invalid_request', 'Host']],
    [
      'with an unknown expectation',
      post(`${KEY}Expect: foo\r\n`) + BODY,
      417,
      ['expectation_failed', 'Expect'],
    ],
    ['to connect through', `CONNECT x:443 HTTP/1.1\r\n${HOST}\r\n`, 405, ['method_not_allowed', 'CONNECT']],
    ['that is not HTTP', 'hello there\r\n\r\n', 400, ['invalid_request', 'not valid HTTP/1.1']],
    [
      'with large headers',
      `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      ['head_too_large', 'large'],
    ],
  ])(
    'gets an error in the usual shape, with a request id: one %s',
    async (_, bytes, status, [code, message]) => {
      const [answer] = await talk(bytes);
      expect(answer!.status).toBe(status);
      expect(answer!.headers['x-request-id']).toMatch(/^req_\w+$/);
      expect(errorOf(answer!)).toEqual({
        message: expect.stringContaining(message),
        type: 'invalid_request_error',
        param: null,
        code,
      });
      const id = answer!.headers['x-request-id']!;
      await until(() => gateway.log.lines.some((line) => line.includes(id)));
    },
  );

  it('is served over HTTP/1.0, which needs no Host header', async () => {
    expect((await talk('GET /healthz HTTP/1.0\r\n\r\n'))[0]!.status).toBe(200);
  });
});

describe('a request that ends too early', () => {
  const head = `POST /v1/chat/completions HTTP/1.1\r\n${HOST}${KEY}Content-Type: application/json\r\n`;

  it.each([
    ['a body shorter than its Content-Length', post(KEY, 500) + BODY, 'before its body was complete'],
    [
      'a chunked body without its end',
      `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      'before its body was complete',
    ],
    ['half of its headers', head, 'before it was complete'],
  ])('gets a 400 that says so: one with %s', async (_, bytes, message) => {
    const answers = await talk(bytes, { closeSending: true });
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(errorOf(answers[0]!).message).toContain(message);
    expect(errorOf(answers[0]!).message).not.toContain('https');
    expect(gateway.upstream.requests).toEqual([]);
  });

  it('gets its 400 as problem details below the paths of the internal tools', async () => {
    const bytes =
      post(`${KEY}X-Request-Id: r-1\r\n`, 500).replace(/ \S+ /, ' /tools/v1/repo/hygiene ') + BODY;
    const [answer] = await talk(bytes, { closeSending: true });
    expect([answer!.status, answer!.headers['content-type'], answer!.headers['x-request-id']]).toEqual([
      400,
      'application/problem+json',
      'r-1',
    ]);
    expect(JSON.parse(answer!.body)).toMatchObject({ title: 'Bad Request', status: 400 });
  });

  it('gets its 400 behind the answer of the request before it', async () => {
    gateway.upstream.use(say('Hello.'));
    const socket = dial(post(KEY) + BODY + post(KEY, 500) + BODY);
    socket.end();
    await new Promise((resolve) => socket.once('end', resolve));
    const [first, second] = readAnswers(socket.text);
    expect(first!.body).toContain('Hello.');
    expect(second!.status).toBe(400);
    expect(second!.headers['x-request-id']).toMatch(/^req_\w+$/);
    expect(errorOf(second!).message).toContain('before its body was complete');
  });

  it('gets one answer alone when it was refused before its body came', async () => {
    const socket = dial(post('', 500));
    await until(() => readAnswers(socket.text).at(-1)?.body !== undefined);
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(readAnswers(socket.text).map(({ status }) => status)).toEqual([401]);
  });
});

describe('garbage behind a request', () => {
  it.each([
    ['at once', post(KEY) + BODY],
    ['behind two requests', (post(KEY) + BODY).repeat(2)],
  ])('does not cost it its answer: %s', async (_, bytes) => {
    gateway.upstream.use(say('Hello.'));
    const socket = dial(`${bytes}garbage\r\n\r\n`);
    await new Promise((resolve) => socket.once('end', resolve));
    socket.destroy();
    const answers = readAnswers(socket.text);
    expect(answers.map(({ status }) => status)).toEqual(
      bytes
        .split('POST')
        .slice(1)
        .map(() => 200),
    );
    for (const { body } of answers) expect(body).toContain('Hello.');
    expect(answers.at(-1)!.headers['connection']).toBe('close');
  });
});

describe('Expect: 100-continue', () => {
  const EXPECT = 'Expect: 100-continue\r\n';

  it.each([
    ['a wrong token', post(`Authorization: Bearer wrong\r\n${EXPECT}`), 401],
    ['a body over the limit', post(KEY + EXPECT, 10_001), 413],
    ['an unknown compression', post(`${KEY + EXPECT}Content-Encoding: odd\r\n`), 415],
  ])('is answered by the refusal alone for %s', async (_, head, status) => {
    const answers = await talk(head);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(errorOf(answers[0]!)).toHaveProperty('code');
  });

  it('is answered by 100 and then the answer when the body is to come', async () => {
    gateway.upstream.use(say('Hello.'));
    const socket = dial(post(KEY + EXPECT));
    await until(() => socket.text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
    socket.write(BODY);
    await until(() => socket.text.includes('Hello.'));
    socket.destroy();
    expect(readAnswers(socket.text).map(({ status }) => status)).toEqual([100, 200]);
  });
});
