import { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { AnyTool } from '../tool.ts';

/** A tool as clients of the Internal Tools API know it. */
export interface ItaTool {
  /** The tool itself, with the bounds that the API has for its input. */
  readonly tool: AnyTool;
  /** Schema of the body: the input without the parameters. */
  readonly body: z.ZodObject;
  /** Names of the fields of the input that are parameters of the query. */
  readonly parameters: readonly string[];
  readonly answer: z.ZodObject;
  /** Returns the fields of an output that the API has. */
  encodeAnswer(output: JsonObject): JsonObject;
}

/** The parts of the form that the tool itself does not say. */
interface ItaForm {
  /** Fields of the input that have other bounds. */
  readonly input?: z.ZodRawShape;
  readonly answer: z.ZodObject;
  /** Returns fields that have another name in the output. */
  rename?(output: JsonObject): JsonObject;
}

/** Fields of the input of tools that change something. */
const GATE_FIELDS = ['dry_run', 'confirm'];

const FORMS: Readonly<Record<string, ItaForm>> = {
  'kb.search': {
    answer: z.object({
      results: z.array(
        z.object({ snippet: z.string(), source: z.string(), score: z.number().min(0).max(1) }),
      ),
    }),
  },
  'repo.hygiene': {
    answer: z.object({
      issues: z.array(
        z.object({
          type: z.string(),
          path: z.string(),
          message: z.string(),
          severity: z.enum(['info', 'warn', 'error']),
        }),
      ),
    }),
  },
  'tests.run': {
    input: { timeout_s: z.int().min(30).max(3600).default(300).describe('Seconds for the tests.') },
    answer: z.object({
      summary: z.object({
        total: z.int().min(0),
        passed: z.int().min(0),
        failed: z.int().min(0),
        duration_s: z.number().min(0),
      }),
      failures: z.array(z.object({ name: z.string(), message: z.string() })),
    }),
  },
  'git.create_pr': {
    answer: z.object({
      simulated: z.boolean().describe('True for a dry run.'),
      pr_url: z.string().nullable(),
      message: z.string(),
    }),
    rename: ({ dry_run }) => ({ simulated: dry_run }),
  },
};

/** Returns those of the tools that the API has, in its form. */
export function itaTools(tools: readonly AnyTool[]): ItaTool[] {
  return tools.flatMap((tool) => {
    const form = Object.hasOwn(FORMS, tool.name) ? FORMS[tool.name]! : undefined;
    return form === undefined ? [] : [inForm(tool, form)];
  });
}

function inForm(tool: AnyTool, { input: bounds, answer, rename }: ItaForm): ItaTool {
  const given: z.ZodObject = tool.input;
  const input = bounds === undefined ? given : given.extend(bounds);
  const parameters = tool.gate === undefined ? [] : GATE_FIELDS;
  const fields = Object.entries(input.shape).filter(([name]) => !parameters.includes(name));
  return {
    tool: { ...tool, input },
    body: z.strictObject(Object.fromEntries(fields)),
    parameters,
    answer,
    // Fields that the answer does not have are left out by its schema.
    encodeAnswer: (output) => answer.parse({ ...output, ...rename?.(output) }),
  };
}
