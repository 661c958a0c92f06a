import { createSemaphore, type Semaphore } from '../../../base/async/semaphore.ts';
import { excerpt } from '../../../base/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { harmless } from '../../../base/harmless-text.ts';
import { describeWantedCall } from './describe-wanted-call.ts';
import type { OfferedTool } from './offered-tool.ts';
import { postCall, type ToolGateway } from './post-call.ts';

/** Maximum number of calls at once. */
const MAX_RUNNING = 4;

/** Maximum characters of an output for the model. */
const MAX_OUTPUT = 200_000;

/** Maximum characters of arguments in a line for the person. */
const MAX_SHOWN = 120;

/** The person for whom a model calls tools. */
export interface ToolCallPerson {
  /** Shows one line about a call. */
  show(line: string): void;
  /** Asks for a decision about a change, which the lines describe; resolves to `unasked` if there is no terminal. */
  decide(lines: readonly string[]): Promise<'agreed' | 'declined' | 'unasked'>;
}

export interface RunCallsOptions {
  readonly tools: readonly OfferedTool[];
  readonly gateway: ToolGateway;
  readonly person: ToolCallPerson;
  readonly signal: AbortSignal;
}

const REFUSALS = {
  declined: 'The call was not made: the person declined it.',
  unasked:
    'The call was not made: it would change something, and there is no terminal at which a person could agree. With dry_run=true it only shows what would happen.',
};

/** Creates a function that runs calls of a model, and resolves to the items with their outputs, errors included. */
export function createCallRunner(
  options: RunCallsOptions,
): (calls: readonly JsonObject[]) => Promise<JsonObject[]> {
  const running = createSemaphore(MAX_RUNNING);
  const asking = createSemaphore(1);
  return async (calls) =>
    await Promise.all(
      calls.map(async (call) => ({
        type: 'function_call_output',
        call_id: call.call_id,
        output: excerpt(await runCall(call, options, running, asking), MAX_OUTPUT),
      })),
    );
}

async function runCall(
  call: JsonObject,
  options: RunCallsOptions,
  running: Semaphore,
  asking: Semaphore,
): Promise<string> {
  const { tools, person, signal } = options;
  const tool = tools.find(({ definition }) => definition.name === call.name);
  const given = parseArguments(call.arguments);
  if (tool === undefined) {
    const names = tools.map(({ definition }) => definition.name).join(', ');
    return refuse(String(call.name), `There is no such tool; the tools are ${names}.`, person);
  }
  if (given === undefined) return refuse(tool.name, 'The arguments are not a JSON object.', person);
  const args = tool.readArguments(given);
  const make = async (body: JsonObject) => await running.run(signal, () => makeCall(tool, body, options));
  if (!tool.isChange(args)) return (await make(args)).output;
  // Nobody is asked about what the gateway would refuse.
  const trial = await make({ ...args, dry_run: true });
  if (trial.isRefused) return trial.output;
  const decision = await asking.run(signal, () => person.decide(describeWantedCall(tool.name, args)));
  signal.throwIfAborted();
  if (decision !== 'agreed') return refuse(tool.name, REFUSALS[decision], person);
  return (await make({ ...args, confirm: true })).output;
}

interface MadeCall {
  readonly isRefused: boolean;
  /** The output for the model. */
  readonly output: string;
}

async function makeCall(
  { name, path }: OfferedTool,
  body: JsonObject,
  { gateway, person, signal }: RunCallsOptions,
): Promise<MadeCall> {
  person.show(`Calling ${name} ${harmless(JSON.stringify(body), MAX_SHOWN)}`);
  const answer = await postCall(
    { path, body },
    {
      gateway,
      signal,
      onRetry: (reason, pauseMs) =>
        person.show(`${name}: ${harmless(reason)} The call is repeated in ${pauseMs / 1_000} s.`),
    },
  );
  if (answer.status === 200) return { isRefused: false, output: answer.text };
  const status = answer.status === undefined ? '' : ` with HTTP ${answer.status}`;
  person.show(`${name} failed${status}: ${harmless(answer.text)}`);
  return { isRefused: true, output: `The call failed${status}: ${answer.text}` };
}

function refuse(name: string, problem: string, { show }: ToolCallPerson): string {
  show(`${harmless(name)}: ${problem}`);
  return problem;
}

function parseArguments(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
