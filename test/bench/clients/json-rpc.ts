import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A message of the app-server. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly threadId?: string; readonly [key: string]: unknown };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface JsonRpc {
  request<Result>(method: string, params: object): Promise<Result>;
  close(): Promise<void>;
}

export interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Record<string, string>;
  readonly cwd: string;
  /** Called with each notification and each request of the app-server. */
  onMessage(message: Message): void;
}

/** Spawns an app-server and speaks JSON-RPC with it, a line a message. */
export function spawnJsonRpc({ command, args, environment, cwd, onMessage }: SpawnOptions): JsonRpc {
  const child = spawn(command, args, { env: environment, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  function receive(line: string): void {
    const message = JSON.parse(line) as Message;
    if (message.method !== undefined) return onMessage(message);
    const reply = pending.get(message.id as number);
    pending.delete(message.id as number);
    if (message.error) reply?.reject(new Error(message.error.message));
    else reply?.resolve(message.result);
  }

  readLines(child.stdout, receive);
  return {
    async request<Result>(method: string, params: object): Promise<Result> {
      lastId += 1;
      const reply = Promise.withResolvers<unknown>();
      pending.set(lastId, reply);
      child.stdin.write(`${JSON.stringify({ id: lastId, method, params })}\n`);
      return (await reply.promise) as Result;
    },
    async close() {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

function readLines(input: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let pieces: string[] = [];
  input.setEncoding('utf8').on('data', (chunk: string) => {
    const [first = '', ...lines] = chunk.split('\n');
    pieces.push(first);
    for (const line of lines) {
      onLine(pieces.join(''));
      pieces = [line];
    }
  });
}
