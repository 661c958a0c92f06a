import { execFile } from 'node:child_process';

/** The end of another program. */
export interface ToolResult {
  /** Undefined if the program does not exist, or did not end in time. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** The last line that it complained, or why it did not run. */
  readonly problem: string;
}

export interface ToolOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs another program to its end. Rejects only if the signal aborts. */
export async function runTool(
  program: string,
  args: readonly string[],
  { environment, signal, cwd, timeoutMs = TIMEOUT_MS }: ToolOptions,
): Promise<ToolResult> {
  const options = {
    env: environment as NodeJS.ProcessEnv,
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT_BYTES,
    signal,
    ...(cwd !== undefined && { cwd }),
  };
  const result = await new Promise<ToolResult>((resolve) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      const lastLine = stderr.trim().split('\n').at(-1) ?? '';
      resolve({
        code: typeof code === 'number' ? code : undefined,
        stdout,
        problem: lastLine === '' && error !== null ? describeEnd(program, error) : lastLine,
      });
    });
  });
  signal.throwIfAborted();
  return result;
}

function describeEnd(program: string, { code, killed }: { code?: unknown; killed?: boolean }): string {
  if (code === 'ENOENT') return `${program} is not installed`;
  return killed ? `${program} did not end in time` : `${program} ended with ${String(code)}`;
}
