import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Functions that another process serves: a value goes there, and one comes back. */
type Functions = Readonly<Record<string, (parameter: never) => unknown>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly parameter: unknown;
}

interface Outcome {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** A process that serves functions of the type `Api`. */
export interface Remote<Api extends Functions> {
  readonly pid: number;
  call<Name extends keyof Api & string>(
    name: Name,
    ...parameter: Parameters<Api[Name]>
  ): Promise<Awaited<ReturnType<Api[Name]>>>;
  /** Ends the process, once it has run its function `close`. */
  close(): Promise<void>;
}

/** Starts a script that calls `serveFunctions`. */
export function startRemote<Api extends Functions>(script: URL): Remote<Api> {
  const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on('message', ({ id, value, problem }: Outcome) => {
    const call = pending.get(id);
    pending.delete(id);
    if (problem === undefined) call?.resolve(value);
    else call?.reject(new Error(problem));
  });
  child.once('exit', () => {
    for (const { reject } of pending.values()) reject(new Error(`${script.pathname} has ended.`));
  });
  const call = async (name: string, parameter?: unknown): Promise<unknown> => {
    const outcome = Promise.withResolvers<unknown>();
    lastId += 1;
    pending.set(lastId, outcome);
    child.send({ id: lastId, name, parameter } satisfies Call);
    return await outcome.promise;
  };
  return {
    pid: child.pid!,
    call: call as Remote<Api>['call'],
    async close() {
      // It may have failed to start.
      await call('close').catch(() => {});
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** Serves functions to the process that has started this one; one of them is `close`. */
export function serveFunctions(functions: Functions): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ id, name, parameter }: Call) => {
    void Promise.resolve(functions[name]!(parameter as never))
      .then(
        (value): Outcome => ({ id, value }),
        (error: unknown): Outcome => ({ id, problem: error instanceof Error ? error.stack! : String(error) }),
      )
      .then((outcome) => process.send!(outcome));
  });
}
