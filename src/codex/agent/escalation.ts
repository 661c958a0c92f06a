import { open } from 'node:fs/promises';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { sleep } from '../../base/async/sleep.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { isPlainScript } from './plain-script.ts';

/**
 * Returns true for a command that may leave its sandbox once it is allowed. The app-server's request does not always say so: the
 * call of the model does, which the app-server has written to the thread's own file. A call that is not found counts as one.
 */
export async function mayLeaveSandbox(
  request: JsonObject,
  rolloutPath: string | undefined,
): Promise<boolean> {
  if (request.kind === 'writeStdin') return false;
  const { reason, additionalPermissions, networkApprovalContext } = request;
  // A reason is given for commands that ask for more, that have failed in the sandbox, or that a rule of the user asks about.
  const isExplained = typeof reason === 'string' && !reason.endsWith('requires approval by policy');
  const hasMore = [additionalPermissions, networkApprovalContext].some(isJsonObject);
  if (isExplained || hasMore || rolloutPath === undefined || typeof request.itemId !== 'string') return true;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const isPlain = judgeCalls(await readTail(rolloutPath).catch(() => []), request);
    if (isPlain !== undefined) return !isPlain;
    await sleep(ATTEMPT_DELAY_MS, NEVER_ABORTED);
  }
  return true;
}

/** Attempts, and milliseconds between two of them, to find a call that may not have been written yet. */
const ATTEMPTS = 20;
const ATTEMPT_DELAY_MS = 50;

/** Bytes at the end of the file in which a call is looked for: the outputs of other calls may follow it. */
const TAIL_BYTES = 4_000_000;

async function readTail(path: string): Promise<JsonObject[]> {
  await using file = await open(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
  return lines.flatMap(decodeCall);
}

/** Returns the part of a line that describes a call, its output or the beginning of a turn. */
function decodeCall(line: string): JsonObject[] {
  if (!/_call|turn_context/.test(line)) return [];
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value) || !isJsonObject(value.payload)) return [];
    const { type, payload } = value;
    return type === 'response_item' || type === TURN ? [{ ...payload, lineType: type }] : [];
  } catch {
    // The first line is cut off, and the last one may not be complete.
    return [];
  }
}

/** Type of the lines by which turns begin; the app-server alone writes them. */
const TURN = 'turn_context';

/** Returns true if the call behind a request stays in the sandbox; undefined if it is not found. */
function judgeCalls(calls: readonly JsonObject[], { itemId, turnId }: JsonObject): boolean | undefined {
  // The model chooses the ids, and may choose one twice.
  const named = calls.filter(({ type, call_id: id }) => type === 'function_call' && id === itemId);
  if (named.length > 0) return named.every((call) => hasPlainArguments(call.arguments));
  const scripts = calls
    .filter(({ type, name }) => type === 'custom_tool_call' && name === 'exec')
    .filter((script) => mayRun(script, calls, turnId));
  if (scripts.length === 0) return undefined;
  return scripts.every(({ input }) => typeof input === 'string' && isPlainScript(input));
}

/** Returns false for a script that has ended, or was cut off with an earlier turn. */
function mayRun(script: JsonObject, calls: readonly JsonObject[], turnId: unknown): boolean {
  const same = calls.filter(({ call_id: id }) => id === script.call_id);
  const outputs = same.filter(({ type }) => type === 'custom_tool_call_output');
  if (outputs.length === 0) return [undefined, turnId].includes(findTurn(script, calls));
  // A script may go on after its first output.
  return same.length !== 2 || JSON.stringify(outputs[0]!.output).includes('Script running');
}

/** Returns the id of the turn of a script; undefined if its beginning is not among the lines. */
function findTurn(script: JsonObject, calls: readonly JsonObject[]): unknown {
  return calls.slice(0, calls.indexOf(script)).findLast(({ lineType }) => lineType === TURN)?.turn_id;
}

function hasPlainArguments(text: unknown): boolean {
  try {
    const value: unknown = JSON.parse(String(text));
    if (!isJsonObject(value)) return false;
    const wishes = Object.entries(value).filter(([name]) => /permission|escalat/i.test(name));
    return wishes.every(
      ([name, wish]) => wish === null || (name === 'sandbox_permissions' && wish === 'use_default'),
    );
  } catch {
    return false;
  }
}
