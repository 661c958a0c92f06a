import type { z } from 'zod';

/** Assistants that an audit tells apart; a `script` is whatever else calls. */
export const ASSISTANTS = ['codex', 'copilot', 'script'] as const;

export type Assistant = (typeof ASSISTANTS)[number];

/** Hints of the Model Context Protocol, by which clients decide if they ask a person first. */
interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** The key by which a call is let in. */
export interface ToolCaller {
  readonly id: string;
  /** `main` for the gateway's own token, `stdio` for a server over stdio. */
  readonly name: string;
}

/** Tells how far a call is. */
export interface ToolProgress {
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}

/** The circumstances in which a tool runs. */
interface ToolRun {
  readonly caller: ToolCaller;
  readonly assistant: Assistant;
  readonly requestId: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** True for work that was begun before under the same idempotency key, and was cut off: its process or its client has gone. */
  readonly isTakenUp: boolean;
  report(progress: ToolProgress): void;
}

/** A tool as its module describes it: everything else, from routes to documents, is made from this. */
export interface InternalTool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  /** With dots, as in `kb.search`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Path below `/tools/v1`. */
  readonly path: string;
  readonly annotations: ToolAnnotations;
  /**
   * Set for a tool that changes something. Its input has `dry_run` and `confirm`; it runs for real only with a confirmation.
   */
  readonly gate?: ToolGate<z.output<Input>>;
  /** Strict, with a default for each field that may be left out. */
  readonly input: Input;
  readonly output: Output;
  /** A call that the description of the API shows. */
  readonly example?: { readonly input: z.input<Input>; readonly output: z.output<Output> };
  /** Rejects with a `GatewayError` for what the configuration does not allow. Runs before a confirmation is asked for. */
  check?(input: z.output<Input>): Promise<void>;
  run(input: z.output<Input>, run: ToolRun): Promise<z.output<Output>>;
}

interface ToolGate<Input> {
  isDryRun(input: Input): boolean;
  isConfirmed(input: Input): boolean;
  /** Returns the question that a person is asked. */
  ask(input: Input): string;
}

/** A tool in a list, whose schemas are not known there. */
// oxlint-disable-next-line typescript/no-explicit-any -- No other type takes tools of every input.
export type AnyTool = InternalTool<any, any>;
