import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../gateway.ts';
import { say } from '../upstream.ts';
import { startFakeCopilot, type FakeCopilot } from './fake-copilot.ts';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';

/** GitHub and Copilot on loopback. */
export interface CopilotFakes {
  readonly github: FakeGithub;
  readonly copilot: FakeCopilot;
  /** Variables of the environment that point a gateway at them. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startCopilotFakes(): Promise<CopilotFakes> {
  const [github, copilot] = await Promise.all([startFakeGithub(), startFakeCopilot()]);
  return {
    github,
    copilot,
    environment: {
      COPILOT_RESPONSES_URL: `${copilot.origin}/responses`,
      COPILOT_MODELS_URL: `${copilot.origin}/models`,
      COPILOT_TOKEN_URL: `${github.origin}/copilot_internal/v2/token`,
      COPILOT_USER_URL: `${github.origin}/copilot_internal/user`,
      GITHUB_GRAPHQL_URL: `${github.origin}/graphql`,
      GITHUB_DEVICE_CODE_URL: `${github.origin}/login/device/code`,
      GITHUB_ACCESS_TOKEN_URL: `${github.origin}/login/oauth/access_token`,
    },
    async close() {
      await Promise.all([github.close(), copilot.close()]);
    },
  };
}

/** A token of Copilot's own, which is sent upstream as it is. */
export const COPILOT_TOKEN = 'tid=test;exp=4102444800:mac';

export interface CopilotGateway extends TestGateway, Pick<CopilotFakes, 'github' | 'copilot'> {
  /** Sends `POST /copilot/v1/responses`. */
  respond(
    body: NonNullable<RequestInit['body']>,
    init?: Parameters<TestGateway['fetch']>[1],
  ): Promise<Response>;
}

export interface CopilotGatewayOptions extends TestGatewayOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isSignedIn?: boolean;
}

export async function startCopilotGateway(options: CopilotGatewayOptions = {}): Promise<CopilotGateway> {
  const { isSignedIn = true, environment, ...rest } = options;
  const fakes = await startCopilotFakes();
  const gateway = await startTestGateway({
    ...rest,
    environment: {
      ...fakes.environment,
      ...(isSignedIn && { COPILOT_BEARER_TOKEN: COPILOT_TOKEN }),
      ...environment,
    },
  });
  return {
    ...gateway,
    github: fakes.github,
    copilot: fakes.copilot,
    respond: (body, init) => gateway.fetch('/copilot/v1/responses', { method: 'POST', body, ...init }),
    async close(patience) {
      await gateway.close(patience);
      await fakes.close();
    },
  };
}

/**
 * A gateway before fakes of GitHub and Copilot until the running test ends, signed in by `COPILOT_BEARER_TOKEN` by
 * default.
 */
export async function useCopilotGateway(options?: CopilotGatewayOptions): Promise<CopilotGateway> {
  const gateway = await startCopilotGateway(options);
  onTestFinished(() => gateway.close());
  return gateway;
}

/** One such gateway for all tests of a file; each test sees its own requests alone. */
export function shareCopilotGateway(options?: CopilotGatewayOptions): CopilotGateway {
  let gateway: CopilotGateway;
  beforeAll(async () => {
    gateway = await startCopilotGateway(options);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.copilot.requests.length = 0;
    gateway.github.requests.length = 0;
    gateway.upstream.requests.length = 0;
    gateway.log.lines.length = 0;
    gateway.copilot.use(say('Hello from Copilot.'));
  });
  return new Proxy({} as CopilotGateway, { get: (_, key) => Reflect.get(gateway, key) as unknown });
}
