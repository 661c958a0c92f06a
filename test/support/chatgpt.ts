import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { generate } from 'selfsigned';

/** One call that Codex made of the emulated ChatGPT backend. */
interface ChatgptCall {
  readonly route: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Chatgpt {
  /** For `chatgpt_base_url`. */
  readonly baseUrl: string;
  /** PEM of the certificate it shows. */
  readonly certificate: string;
  readonly calls: ChatgptCall[];
  /** What turns are answered with from now on. */
  use(answer: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** The backend that Codex talks to with a ChatGPT login, as far as it needs it; over TLS, which Codex insists on. */
export async function startChatgpt(answer: (response: ServerResponse) => void): Promise<Chatgpt> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const calls: ChatgptCall[] = [];
  let turn = answer;
  const server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    void respond(request, response);
  });
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await buffer(request);
    const bytes = request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(sent) : sent;
    const body: unknown = bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
    const route = `${request.method} ${request.url}`;
    calls.push({ route, headers: request.headers, body });
    if (route.endsWith('/codex/responses')) return turn(response);
    const account = {
      id: 'account-1',
      structure: 'personal',
      plan_type: 'pro',
      workspace_backend_origin: origin(),
      account_routing_override: 'NO_CONSTRAINT',
    };
    response.setHeader('content-type', 'application/json');
    const accounts = {
      accounts: [account],
      account_ordering: ['account-1'],
      default_account_id: 'account-1',
    };
    response.end(JSON.stringify(route.endsWith('/accounts/check') ? accounts : {}));
  }
  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    baseUrl: `${origin()}/backend-api/`,
    certificate: pems.cert,
    calls,
    use: (next) => {
      turn = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An `auth.json` of someone who signed in with ChatGPT. */
export function chatgptLogin(): string {
  const claims = {
    email: 'a@example.com',
    exp: Math.floor(Date.now() / 1000) + 36_000,
    'https://api.openai.com/auth': {
      chatgpt_plan_type: 'pro',
      chatgpt_account_id: 'account-1',
      chatgpt_user_id: 'user-1',
    },
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const token = `${encode({ alg: 'none' })}.${encode(claims)}.signature`;
  return JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { id_token: token, access_token: token, refresh_token: 'refresh-1', account_id: 'account-1' },
    last_refresh: new Date().toISOString(),
  });
}
