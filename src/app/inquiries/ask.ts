import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { messageOf, StartupError } from '../../base/errors.ts';
import { UNREACHED } from '../../codex/home/diagnose-provider.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { offerTool, toolCatalogSchema, type OfferedTool } from './tool-calls/offered-tool.ts';
import { createCallRunner, type ToolCallPerson } from './tool-calls/run-calls.ts';

/** One question to a model, in the terms of the Responses API. */
export interface Question {
  readonly text: string;
  /** A `data:` URL. */
  readonly image: string | undefined;
  /** Undefined for the gateway's default model. */
  readonly model: string | undefined;
  readonly effort: string | undefined;
}

export interface AskOptions {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Command with which the user calls this program, for advice in errors; without it they keep the gateway's words. */
  readonly command?: string;
  /** Set to offer the internal tools of the gateway to the model, and to run its calls for this person. */
  readonly person?: ToolCallPerson | undefined;
  /** Called with each piece of the answer's text as it arrives. */
  onText(text: string): void;
}

/**
 * Asks a gateway one question, without storing anything there, and resolves to the response object. Rejects with a
 * `StartupError` that has the gateway's own message when it refuses, fails, or ends the answer early.
 */
export async function askQuestion(question: Question, options: AskOptions): Promise<JsonObject> {
  const { signal, person } = options;
  try {
    const tools = person && (await listTools(options));
    const model = question.model ?? (await findModel(options));
    const body = encodeQuestion(question, model, tools);
    if (tools === undefined) return await readAnswer(await send(options, '/v1/responses', body), options);
    const run = createCallRunner({ tools, person: person!, gateway: options, signal });
    return await answerCalls(body, run, options);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The gateway on ${options.origin} did not finish the answer: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

/** Asks until the model answers without a call; what it has said and called so far is sent with each request. */
async function answerCalls(
  body: QuestionBody,
  run: ReturnType<typeof createCallRunner>,
  options: AskOptions,
): Promise<JsonObject> {
  const input: object[] = [...body.input];
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    const response = await readAnswer(await send(options, '/v1/responses', { ...body, input }), options);
    const output = Array.isArray(response.output) ? response.output.filter(isJsonObject) : [];
    const calls = output.filter(({ type }) => type === 'function_call');
    if (calls.length === 0 || response.status !== 'completed') return response;
    if (round < MAX_ROUNDS) input.push(...output, ...(await run(calls)));
  }
  throw new StartupError(
    `The model has called tools ${MAX_ROUNDS} times in a row without an answer; ask for less at once.`,
  );
}

/** Maximum number of times that the model may call tools before it has to answer. */
const MAX_ROUNDS = 25;

async function listTools(options: AskOptions): Promise<OfferedTool[]> {
  const answer = await send(options, '/tools/v1/catalog');
  return toolCatalogSchema.parse(await answer.json()).tools.map(offerTool);
}

const listSchema = z.object({
  data: z.array(z.object({ id: z.string(), is_default: z.boolean().optional() })),
});

async function findModel(options: AskOptions): Promise<string> {
  const answer = await send(options, '/v1/models');
  const { data } = listSchema.parse(await answer.json());
  const model = data.find((candidate) => candidate.is_default) ?? data[0];
  if (model === undefined) throw new StartupError('The gateway lists no models; name one with --model.');
  return model.id;
}

async function send(options: AskOptions, path: string, body?: object): Promise<Response> {
  const { origin, token, signal, command, person } = options;
  const response = await fetch(`${origin}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    signal,
  });
  if (response.ok) return response;
  const refusal: unknown = await response.json().catch(() => undefined);
  const message = describeFailure(refusal, command, response.status);
  const lacksScope = person !== undefined && message.includes('Missing scopes');
  throw new StartupError(
    lacksScope ? `${message} ask --tools needs a token with the scopes openai and tools.` : message,
  );
}

interface QuestionBody {
  readonly model: string;
  readonly input: readonly object[];
  readonly [key: string]: unknown;
}

function encodeQuestion(
  { text, image, effort }: Question,
  model: string,
  tools: readonly OfferedTool[] | undefined,
): QuestionBody {
  const content = [
    { type: 'input_text', text },
    ...(image === undefined ? [] : [{ type: 'input_image', image_url: image }]),
  ];
  return {
    model,
    input: [{ role: 'user', content }],
    stream: true,
    store: false,
    ...(effort !== undefined && { reasoning: { effort } }),
    ...(tools && {
      tools: tools.map(({ definition }) => definition),
      include: ['reasoning.encrypted_content'],
    }),
  };
}

async function readAnswer({ body }: Response, { onText, command }: AskOptions): Promise<JsonObject> {
  const events = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    const event: unknown = JSON.parse(data);
    if (!isJsonObject(event)) continue;
    switch (event.type) {
      case 'response.output_text.delta':
        onText(String(event.delta));
        break;
      case 'response.completed':
      case 'response.incomplete':
        if (isJsonObject(event.response)) return event.response;
        break;
      case 'response.failed':
      case 'error':
        throw new StartupError(describeFailure(event.response ?? event, command));
      default:
    }
  }
  throw new StartupError('The gateway ended the answer early.');
}

/** Returns the message of an error body, of problem details, of a failed response, or of an error event. */
function describeFailure(body: unknown, command: string | undefined, status?: number): string {
  const holder = isJsonObject(body) ? (isJsonObject(body.error) ? body.error : body) : {};
  const { detail, message = detail, code, param } = holder;
  if (typeof message === 'string')
    return command === undefined ? message : advise({ message, code, param }, command);
  return status === undefined
    ? 'The model failed, and the gateway does not say why.'
    : `The gateway answered with HTTP ${status}.`;
}

interface Refusal {
  readonly message: string;
  readonly code: unknown;
  readonly param: unknown;
}

/** Rewords a failure for the command line if the gateway's message refers to HTTP. */
function advise({ message, code, param }: Refusal, command: string): string {
  if (code === 'model_not_found')
    return message.replace('GET /v1/models lists', `\`${command} models\` lists`);
  if (param === 'reasoning.effort') return message.replace("'reasoning.effort'", '--effort');
  if (message.startsWith(UNREACHED))
    return `${message} Run \`${command} doctor\` to look at the whole set-up.`;
  return message;
}
