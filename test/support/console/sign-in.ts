import { signedInSchema } from '../../../src/console/contract/sign-in.ts';

/** A browser without a window, for what the gateway answers to its page. */
export interface PageClient {
  /** Sends a request as the console's page does. */
  ask(path: string, init?: PageInit): Promise<Response>;
  /** Signs in with a one-time code. */
  signIn(code: string): Promise<Response>;
}

interface PageInit {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createPageClient(origin: string): PageClient {
  let cookie = '';
  let pageKey = '1';
  async function ask(path: string, { method = 'GET', body, headers }: PageInit = {}): Promise<Response> {
    return await fetch(`${origin}${path}`, {
      method,
      headers: {
        origin,
        ...(cookie !== '' && { cookie }),
        'content-type': 'application/json',
        'x-codex-gateway-console': pageKey,
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
  return {
    ask,
    async signIn(code) {
      const response = await ask('/console/sign-in', { method: 'POST', body: { code } });
      if (!response.ok) return response;
      cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
      ({ page_key: pageKey } = signedInSchema.parse(await response.clone().json()));
      return response;
    },
  };
}
