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

type Answer = (response: ServerResponse) => void | Promise<void>;

export interface Chatgpt {
  /** For `chatgpt_base_url`. */
  readonly baseUrl: string;
  /** PEM of the certificate it shows. */
  readonly certificate: string;
  readonly calls: ChatgptCall[];
  /** Models that `GET /models` returns. */
  models: readonly object[];
  /** Sets the answer to turns from now on. */
  use(answer: Answer): void;
  close(): Promise<void>;
}

/** The backend that Codex talks to with a ChatGPT login, as far as it needs it; over TLS, which Codex insists on. */
export async function startChatgpt(answer: Answer): Promise<Chatgpt> {
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
    if (route.endsWith('/codex/responses')) return await turn(response);
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
    if (route.includes('/codex/models?')) response.end(JSON.stringify({ models: backend.models }));
    else response.end(JSON.stringify(route.endsWith('/accounts/check') ? accounts : {}));
  }
  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const backend: Chatgpt = {
    baseUrl: `${origin()}/backend-api/`,
    certificate: pems.cert,
    calls,
    models: [],
    use: (next) => {
      turn = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return backend;
}

/** An `auth.json` of someone who signed in with ChatGPT. */
export function chatgptLogin(email = 'a@example.com'): string {
  const claims = {
    email,
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

/** An entry of the catalog that a signed-in account is offered. */
export function catalogEntry(slug: string, visibility = 'list'): object {
  return {
    slug,
    display_name: slug,
    visibility,
    supported_in_api: true,
    priority: 1,
    default_reasoning_level: 'medium',
    supported_reasoning_levels: [{ effort: 'medium', description: '' }],
    support_verbosity: true,
    base_instructions: 'You are Codex.',
    shell_type: 'shell_command',
    experimental_supported_tools: [],
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    context_window: 123_456,
    tool_mode: 'code_mode_only',
  };
}
