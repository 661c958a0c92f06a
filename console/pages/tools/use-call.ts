import { useRef, useState } from 'preact/hooks';
import type { ConsoleTool } from '../../../src/console/contract/tools.ts';
import { ApiError, type FieldError } from '../../api/api-error.ts';
import { request } from '../../api/request.ts';
import type { Values } from './form/schema.ts';

/** A call that has ended. */
export interface EndedCall {
  /** The arguments, as JSON, apart from those that confirm a change. */
  readonly arguments: string;
  readonly isDryRun: boolean;
  readonly ms: number;
  /** Undefined for one that has failed. */
  readonly output: Values | undefined;
  readonly problem: string;
  readonly fields: readonly FieldError[];
}

/** The calls of a tool, one at a time. */
export interface Call {
  readonly isRunning: boolean;
  readonly ended: EndedCall | undefined;
  run(values: Values, isReal: boolean): Promise<void>;
  stop(): void;
}

/** Calls a tool as any program would. */
export function useCall({ path, has_dry_run: hasDryRun }: ConsoleTool): Call {
  const [isRunning, setIsRunning] = useState(false);
  const [ended, setEnded] = useState<EndedCall>();
  const stopper = useRef<AbortController>(undefined);
  async function run(values: Values, isReal: boolean): Promise<void> {
    const stop = new AbortController();
    stopper.current = stop;
    setIsRunning(true);
    setEnded(undefined);
    const startedAt = performance.now();
    const body = hasDryRun ? { ...values, dry_run: !isReal, ...(isReal && { confirm: true }) } : values;
    const result = await send(path, body, stop.signal);
    const ms = performance.now() - startedAt;
    setEnded({ ...result, arguments: JSON.stringify(values), isDryRun: hasDryRun && !isReal, ms });
    setIsRunning(false);
  }
  return { isRunning, ended, run, stop: () => stopper.current?.abort() };
}

type Result = Pick<EndedCall, 'output' | 'problem' | 'fields'>;

async function send(path: string, body: Values, signal: AbortSignal): Promise<Result> {
  try {
    return { output: await request<Values>(path, { method: 'POST', body, signal }), problem: '', fields: [] };
  } catch (error) {
    const fields = error instanceof ApiError ? error.fields : [];
    const problem = signal.aborted ? 'The call was stopped.' : (error as Error).message;
    return { output: undefined, problem, fields };
  }
}
