import type { ServerResponse } from 'node:http';
import { inOrder } from '../upstream-answers.ts';
import { say } from '../upstream.ts';
import {
  answerWith,
  startRecordingServer,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from './recording-server.ts';

/** Copilot's API. Each answer can be replaced at any time. */
export interface FakeCopilot extends RecordingServer {
  /** Requests to `/responses`. */
  readonly responses: readonly RecordedRequest[];
  /** Sets the answers to `POST /responses`, one after the other; the last one is repeated. */
  use(...answers: readonly Answer[]): void;
  /** Entries of the list of models. */
  models: readonly object[];
  /** Answers `GET /models`; by default with `models`. */
  list: Answer;
}

/** An entry of Copilot's list of models. */
function copilotModel(id: string, further: object = {}): object {
  return {
    id,
    name: id,
    vendor: 'OpenAI',
    version: id,
    object: 'model',
    preview: false,
    model_picker_enabled: true,
    is_chat_default: false,
    is_chat_fallback: false,
    policy: { state: 'enabled', terms: '' },
    capabilities: {
      type: 'chat',
      family: id,
      tokenizer: 'o200k_base',
      object: 'model_capabilities',
      limits: { max_context_window_tokens: 400_000, max_output_tokens: 128_000, max_prompt_tokens: 272_000 },
      supports: {
        streaming: true,
        tool_calls: true,
        parallel_tool_calls: true,
        vision: true,
        structured_outputs: true,
        reasoning_effort: ['low', 'medium', 'high'],
      },
    },
    supported_endpoints: ['/responses', 'ws:/responses'],
    ...further,
  };
}

const MODELS = [
  copilotModel('gpt-5.5', { is_chat_default: true }),
  copilotModel('gpt-5.6-luna'),
  copilotModel('claude-sonnet-5', {
    vendor: 'Anthropic',
    supported_endpoints: ['/chat/completions', '/v1/messages'],
  }),
];

export async function startFakeCopilot(): Promise<FakeCopilot> {
  let respond: Answer = say('Hello from Copilot.');
  const server = await startRecordingServer((request, response) => {
    const { pathname } = new URL(request.path, server.origin);
    if (request.method === 'POST' && pathname === '/responses') return respond(request, response);
    if (request.method === 'GET' && pathname === '/models') return copilot.list(request, response);
    return answerWith(404, { error: { message: 'not found' } })(request, response);
  });
  const copilot: FakeCopilot = {
    ...server,
    get responses() {
      return server.requests.filter(({ method }) => method === 'POST');
    },
    use(...answers) {
      respond = inOrder(...answers);
    },
    models: MODELS,
    list: (...given) => answerWith(200, { object: 'list', data: copilot.models })(...given),
  };
  return copilot;
}

/** Answers as Copilot does when someone asks too often. */
export function rateLimited(headers: Readonly<Record<string, string>>): Answer {
  return answerWith(429, 'rate limited\n', { 'content-type': 'text/plain', ...headers });
}

/** Sends an event stream in the chunks given; each but the first waits for `next`. */
export function streamBytes(
  chunks: Iterable<Uint8Array | string>,
  { next, hold }: { next?(): Promise<unknown>; readonly hold?: Promise<unknown> } = {},
): Answer {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'copilot-request' });
    response.flushHeaders();
    for (const chunk of chunks) {
      await writeChunk(response, chunk);
      await next?.();
    }
    await hold;
    response.end();
  };
}

/** Resolves when the chunk has been passed to the network, so that the next one is a write of its own. */
async function writeChunk(response: ServerResponse, chunk: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve) => {
    response.write(chunk, () => resolve());
  });
}
