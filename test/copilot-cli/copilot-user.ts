import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { addTestToken } from '../support/add-token.ts';
import { runCommand } from '../support/command-line.ts';
import { createToolsUser } from '../support/tools-user.ts';
import { outputsOf, type ScriptedCall } from '../support/upstream-tools.ts';
import { sendCompleted, sendItemDone, startResponse, type Script } from '../support/upstream.ts';
import type { CopilotCli } from './install-cli.ts';

export type Way = 'stdio' | 'http';

const MODEL = 'gpt-5.4';
const BEARER = 'bearer-token-of-this-suite';

/** Maximum time for one question. */
const QUESTION_MS = 60_000;

/** A form that the server asks the person to fill in. */
interface Form {
  readonly message: string;
}

interface CliSession {
  sendAndWait(message: { prompt: string }, timeoutMs: number): Promise<{ data: { content: string } }>;
}

interface CliClient {
  start(): Promise<void>;
  createSession(options: object): Promise<CliSession>;
  stop(): Promise<unknown>;
}

/** The part of the CLI's own module that is used here. */
interface CliModule {
  readonly CopilotClient: new (options: object) => CliClient;
  readonly RuntimeConnection: { forStdio(options: { path: string }): object };
}

/** A user of the Copilot CLI, configured as `codex-gateway mcp config copilot` says, without a network. */
export async function createCopilotUser({ script, cache, sdk }: CopilotCli, way: Way) {
  const user = await createToolsUser();
  const { folder, home, upstream } = user;
  const environment: Record<string, string> = {
    ...user.environment,
    COPILOT_CACHE_HOME: cache,
    COPILOT_OFFLINE: 'true',
    COPILOT_PROVIDER_BASE_URL: upstream.baseUrl,
    COPILOT_PROVIDER_BEARER_TOKEN: BEARER,
    COPILOT_PROVIDER_WIRE_API: 'responses',
    COPILOT_MODEL: MODEL,
  };
  const args = ['mcp', 'config', 'copilot'];
  if (way === 'http') {
    const { origin } = await user.start();
    args.push('--http', '--port', new URL(origin).port);
    const token = await addTestToken(user.stateDirectory, 'copilot', { scope: 'tools' });
    environment.CODEX_GATEWAY_TOOLS_TOKEN = token;
  }
  const printed = await runCommand(args, user.environment);
  mkdirSync(join(home, '.copilot'));
  writeFileSync(join(home, '.copilot/mcp-config.json'), printed.stdout);

  return {
    ...user,
    /** Returns the outputs of the calls in the last question, in order. */
    outputs: () => outputsOf(upstream.requests.at(-1)!),
    /** Asks by `copilot -p`, where no person can answer. */
    async ask(prompt: string) {
      const options = ['--allow-all-tools', '--disable-builtin-mcps', '--silent'];
      const { exitCode, stdout, stderr } = await execa(process.execPath, [script, '-p', prompt, ...options], {
        extendEnv: false,
        env: environment,
        cwd: folder,
        stdin: 'ignore',
        timeout: QUESTION_MS,
        reject: false,
      });
      return { exitCode, text: stdout.trim(), complained: stderr };
    },
    /** Asks through the CLI's own module, by which a program shows its forms to a person, who accepts them. */
    async askWithPerson(prompt: string) {
      const { CopilotClient, RuntimeConnection } = (await import(sdk)) as CliModule;
      const client = new CopilotClient({
        connection: RuntimeConnection.forStdio({ path: script }),
        env: environment,
        workingDirectory: folder,
        useLoggedInUser: false,
      });
      onTestFinished(() => void client.stop());
      await client.start();
      const forms: Form[] = [];
      const session = await client.createSession({
        model: MODEL,
        streaming: true,
        enableConfigDiscovery: true,
        provider: { type: 'openai', wireApi: 'responses', baseUrl: upstream.baseUrl, bearerToken: BEARER },
        onPermissionRequest: () => ({ kind: 'approve-once' }),
        onElicitationRequest(form: Form) {
          forms.push(form);
          return { action: 'accept', content: { confirm: true } };
        },
      });
      const answer = await session.sendAndWait({ prompt }, QUESTION_MS);
      await client.stop();
      return { text: answer.data.content, forms };
    },
  };
}

/**
 * Answers with one call after the other, as soon as the conversation holds the output of the one before, and then with a
 * text. The CLI reads the items in the last event.
 */
export function callOneByOne(calls: readonly ScriptedCall[], text: string): Script {
  return (request, response) => {
    const place = outputsOf(request).length;
    const call = calls[place];
    const item = call
      ? {
          type: 'function_call',
          id: `fc_${place}`,
          call_id: `call_${place}`,
          // The CLI names the server before the tool.
          name: `codex-gateway-${call.name}`,
          arguments: JSON.stringify(call.arguments),
          status: 'completed',
        }
      : {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        };
    startResponse(response);
    sendItemDone(response, item);
    sendCompleted(response, undefined, { output: [item] });
  };
}
