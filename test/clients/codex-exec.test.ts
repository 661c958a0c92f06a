import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCodexExec, type ExecPlace } from '../support/codex-exec.ts';
import { SMALL } from '../support/images.ts';
import { createVisibleFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { call, callCustom } from '../support/upstream-tools.ts';
import { breakOff, say, sendItem, type Script, type UpstreamRequest } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

interface Session {
  /** The arguments of each run, one after the other in the same place. */
  readonly runs: readonly (readonly string[])[];
  script(): Script;
  prepare?(folder: string): void;
}

interface Outcome {
  readonly stdout: readonly string[];
  /** Names of what it has written. */
  readonly files: readonly string[];
  readonly requests: readonly UpstreamRequest[];
}

/** Answers each request by the script for what has been answered before it, however often it comes. */
function inTurn(...scripts: readonly Script[]): Script {
  return (request, response) => {
    const { input } = request.body;
    const done = input.filter(({ type }) => type?.endsWith('_call_output')).length;
    const said = input.filter(({ role, phase }) => role === 'assistant' && phase !== 'commentary').length;
    return scripts[Math.min(done + said, scripts.length - 1)]!(request, response);
  };
}

/** A Codex that has no tool for a call answers it itself, and may ask again before it is stopped. */
const isOfClient = ({ body }: UpstreamRequest) =>
  body.input.every(({ output }) => !JSON.stringify(output ?? '').includes('unsupported'));

/** Runs a session, in a folder that is empty before and after. */
async function runSession({ runs, script, prepare }: Session, place: ExecPlace): Promise<Outcome> {
  const { upstream } = gateway;
  upstream.use(script());
  upstream.requests.length = 0;
  mkdirSync(place.folder);
  prepare?.(place.folder);
  const stdout: string[] = [];
  for (const args of runs) {
    const told = await runCodexExec(place, args);
    expect({ code: told.code, stderr: told.code === 0 ? '' : told.stderr }).toEqual({ code: 0, stderr: '' });
    stdout.push(told.stdout);
  }
  const files = readdirSync(join(place.folder, 'work'));
  rmSync(place.folder, { recursive: true, force: true });
  return { stdout, files, requests: upstream.requests.filter(isOfClient) };
}

/** Connections of Codex to the gateway; true stands for a WebSocket. */
const BOTH = [false, true];

/** Lets the same model speak to a Codex that asks it directly, and to one that asks it through the gateway, by each connection. */
async function compareSessions(session: Session, connections = [false]): Promise<Outcome> {
  const folder = join(temporaryFolder(createVisibleFolder), 'session');
  const direct = await runSession(session, { folder, baseUrl: gateway.upstream.baseUrl });
  const baseUrl = `${gateway.running.origin}/v1`;
  for (const webSocket of connections) {
    gateway.log.lines.length = 0;
    const routed = await runSession(session, { folder, baseUrl, webSocket });
    const posted = gateway.log.lines.some((line) => line.includes('"POST"'));
    expect(posted).toBe(!webSocket);
    expectSame(routed, direct);
  }
  return direct;
}

function expectSame(routed: Outcome, direct: Outcome): void {
  expect([routed.stdout, routed.files]).toEqual([direct.stdout, direct.files]);
  expect(routed.requests).toHaveLength(direct.requests.length);
  for (const [index, request] of direct.requests.entries()) {
    const other = routed.requests[index]!;
    expect(toolsOf(other)).toEqual(toolsOf(request));
    expect(conversationOf(other)).toEqual(conversationOf(request));
    const { model, reasoning, text, include } = request.body;
    const { effort } = reasoning as { effort: string };
    expect(other.body).toMatchObject({ model, reasoning: { effort }, text, include });
  }
}

/** Returns every tool that the model is offered, in any part of the request, unchanged. */
function toolsOf({ body }: UpstreamRequest): unknown[] {
  return [...(body.tools ?? []), ...body.input.flatMap(({ tools }) => tools ?? [])];
}

/** Times and names that differ from run to run. */
const CHANGING = /Chunk ID: \w+|[Ww]all time:? [\d.]+ seconds/gu;

/** Tell one item from another, or say nothing. */
const IDLE = new Set(['id', 'status', 'annotations', 'detail']);

/** Returns the conversation of a request. */
function conversationOf({ body }: UpstreamRequest): unknown {
  const said = body.input.filter(({ type }) => type !== 'additional_tools');
  const text = JSON.stringify(said, (key, value: unknown) => (IDLE.has(key) ? undefined : value));
  return JSON.parse(text.replaceAll(CHANGING, ''));
}

const PATCH = '*** Begin Patch\n*** Add File: hello.txt\n+hi\n*** End Patch\n';
const THOUGHT = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: '**Looking**' }],
  encrypted_content: 'sealed-1',
};
const COMMENT = {
  type: 'message',
  id: 'msg_c',
  role: 'assistant',
  phase: 'commentary',
  content: [{ type: 'output_text', text: 'I look.', annotations: [] }],
};

const HOOK_CONTEXT = 'The command was looked at.';

/** Adds a hook that says something after each use of a tool. */
function addHook(folder: string): void {
  const codexHome = join(folder, 'codex-home');
  mkdirSync(codexHome, { recursive: true });
  const output = join(codexHome, 'hook-output.json');
  const told = { hookEventName: 'PostToolUse', additionalContext: HOOK_CONTEXT };
  writeFileSync(output, JSON.stringify({ hookSpecificOutput: told }));
  const hook = { type: 'command', command: `cat '${output}'` };
  const hooks = { PostToolUse: [{ matcher: '.*', hooks: [hook] }] };
  writeFileSync(join(codexHome, 'hooks.json'), JSON.stringify({ hooks }));
}

const inExec = (input: string) => callCustom('exec', input);

/** The calls with which each model runs a command and changes a file. */
const MODELS = {
  'gpt-5.5': {
    command: { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"echo hi"}' },
    run: () => call({ name: 'exec_command', arguments: { cmd: 'echo hi' } }),
    patch: () => callCustom('apply_patch', PATCH),
  },
  'gpt-6-sol': {
    command: {
      type: 'custom_tool_call',
      name: 'exec',
      input: 'const r = await tools.exec_command({ cmd: "echo hi" }); text(r.output);',
    },
    run: () => inExec('const r = await tools.exec_command({ cmd: "echo hi" }); text(r.output);'),
    patch: () => inExec(`text(await tools.apply_patch(${JSON.stringify(PATCH)}));`),
  },
} as const;

describe.each(['gpt-5.5', 'gpt-6-sol'] as const)(
  'codex exec on %s sends the same through the gateway as directly',
  (model) => {
    const { command, run, patch } = MODELS[model];
    const start = ['--model', model];

    it('when it uses either connection with reasoning, a comment, a command, a patch and a hook that adds context before their results', async () => {
      const first = sendItem(THOUGHT, COMMENT, { ...command, id: 'call_item', call_id: 'call_0' });
      const session = {
        runs: [['--dangerously-bypass-hook-trust', ...start, 'Write it.']],
        script: () => inTurn(first, patch(), say('Done.')),
        prepare: addHook,
      };
      const { stdout, requests, files } = await compareSessions(session, BOTH);
      expect([stdout, files]).toEqual([['Done.'], ['hello.txt']]);
      const { input } = requests.at(-1)!.body;
      const last = JSON.stringify(input);
      for (const part of ['sealed-1', 'I look.', 'commentary', 'hi\\n']) expect(last).toContain(part);
      const kinds = input.map(({ type, role, content }) =>
        JSON.stringify(content ?? '').includes(HOOK_CONTEXT) ? `hook as ${role}` : type,
      );
      const call = kinds.indexOf(command.type);
      expect(kinds.slice(call, call + 3)).toEqual([
        command.type,
        'hook as developer',
        `${command.type}_output`,
      ]);
    });

    it('when it sends an image, an output schema and settings, and resumes the session', async () => {
      const schema = {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      };
      const settings = ['-c', 'model_reasoning_effort="high"', '-c', 'model_reasoning_summary="detailed"'];
      const files = ['--output-schema', '../schema.json', '--image', '../image.png'];
      const answer = { type: 'output_text', text: '{"name":"Ada"}', annotations: [] };
      const session = {
        runs: [
          [...start, ...settings, ...files, '--', 'My name is Ada.'],
          ['resume', '--last', ...start, 'What is it?'],
        ],
        script: () =>
          inTurn(
            run(),
            sendItem(THOUGHT, { ...COMMENT, phase: 'final_answer', content: [answer] }),
            say('Ada.'),
          ),
        prepare: (at: string) => {
          writeFileSync(join(at, 'schema.json'), JSON.stringify(schema));
          writeFileSync(join(at, 'image.png'), SMALL.png);
        },
      };
      const { requests, stdout } = await compareSessions(session);
      expect(stdout).toEqual(['{"name":"Ada"}', 'Ada.']);
      const { text, reasoning, input } = requests[0]!.body;
      expect(text).toMatchObject({ format: { type: 'json_schema', schema } });
      expect(reasoning).toMatchObject({ effort: 'high' });
      expect(JSON.stringify(input)).toContain('input_image');
      const last = JSON.stringify(requests.at(-1)!.body.input);
      for (const part of ['My name is Ada.', 'sealed-1', 'What is it?']) expect(last).toContain(part);
    });
  },
);

it('codex exec reports a failure of the model', async () => {
  gateway.upstream.use(breakOff('partial'));
  const place = { folder: temporaryFolder(createVisibleFolder), baseUrl: `${gateway.running.origin}/v1` };
  const { code, stderr } = await runCodexExec(place, ['--model', 'gpt-5.5', 'Say hello.']);
  expect(code).toBe(1);
  expect(stderr).toContain('broke off');
});
