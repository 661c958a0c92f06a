import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Issuer {
  /** For `CODEX_APP_SERVER_LOGIN_ISSUER`. */
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
}

/** Answers the poll for whether the user has entered the code; 403 stands for "not yet". */
type Poll = (count: number) => { readonly status: number; readonly body?: object };

const GRANTED = { status: 200, body: { authorization_code: 'c', code_challenge: 'x', code_verifier: 'v' } };

/** A user who enters the code after two looks. */
export const entered: Poll = (count) => (count < 3 ? { status: 403 } : GRANTED);

/** A server where Codex signs in by device code; it ends with the running test. */
export async function startIssuer(poll: Poll, interval = '0'): Promise<Issuer> {
  const requests: string[] = [];
  let polls = 0;
  const server = createServer((request, response) => {
    request.resume();
    requests.push(request.url!);
    answer(request.url!, response);
  });
  function answer(path: string, response: ServerResponse): void {
    if (path.endsWith('/usercode')) {
      return send(response, 200, { device_auth_id: 'd', user_code: 'ABCD-1234', interval });
    }
    if (path.endsWith('/deviceauth/token')) {
      polls += 1;
      const { status, body = {} } = poll(polls);
      return send(response, status, body);
    }
    return send(response, 200, { id_token: idToken(), access_token: 'access', refresh_token: 'refresh-1' });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function idToken(): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ email: 'a@example.com' })}.signature`;
}
