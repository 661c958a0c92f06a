import { z } from 'zod';
import { formatPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { RESULT_ITEM_FIELDS } from './item-fields.ts';
import type { DecodeItem, Reading } from './item-reading.ts';

/** `type` of an item that holds the result of a tool that the provider ran. */
export type ResultKind = keyof typeof RESULT_ITEM_FIELDS;

const text = z.string().nullish();

const mcpSchema = z.object({
  name: z.string(),
  server_label: text,
  arguments: text,
  output: text,
  error: z.unknown().optional(),
});

const fileSearchSchema = z.object({
  queries: z.array(z.string()).nullish(),
  results: z.array(z.looseObject({})),
});

const codeSchema = z.object({
  code: text,
  outputs: z.array(
    z.union([
      z.object({ type: z.literal('logs'), logs: z.string() }),
      z.object({ type: z.literal('image'), url: z.string() }),
    ]),
  ),
});

const imageSchema = z.object({ result: z.string(), output_format: text, revised_prompt: text });

type Describe = (reading: Reading) => Part[];

const DESCRIBE: Readonly<Record<ResultKind, Describe>> = {
  mcp_call({ item, place }) {
    const call = decodeValue(mcpSchema, item, place);
    const server = call.server_label ? ` of the MCP server ${JSON.stringify(call.server_label)}` : '';
    return sections(
      `The tool ${JSON.stringify(call.name)}${server} was called.`,
      ['Arguments', call.arguments],
      ['Output', call.output],
      ['Error', hasSome(call.error) ? asText(call.error) : undefined],
    );
  },
  file_search_call({ item, place }) {
    const { queries, results } = decodeValue(fileSearchSchema, item, place);
    return sections(
      'The files were searched.',
      ['Queries', queries && JSON.stringify(queries)],
      ['Results', results.map((result) => JSON.stringify(result)).join('\n')],
    );
  },
  code_interpreter_call({ item, place }) {
    const { code, outputs } = decodeValue(codeSchema, item, place);
    const parts = outputs.map((output, index): Part => {
      if (output.type === 'logs') return { type: 'text', text: `Output:\n${output.logs}` };
      return image(output.url, formatPath([...place, 'outputs', index, 'url']));
    });
    return [...sections('Code was run.', ['Code', code]), ...parts];
  },
  image_generation_call({ item, place }) {
    const { result, output_format: format, revised_prompt: prompt } = decodeValue(imageSchema, item, place);
    const url = /^\s*data:/i.test(result) ? result : `data:image/${format ?? 'png'};base64,${result}`;
    const head = sections('An image was generated.', ['Prompt', prompt]);
    return [...head, image(url, formatPath([...place, 'result']))];
  },
};

/**
 * Nobody here runs these tools, so their items have no place upstream; the model reads the result in a message of the
 * developer.
 */
export function decodeResult(kind: ResultKind): DecodeItem {
  return (reading) => {
    const { item, place, path, compatibility } = reading;
    checkFields(item, RESULT_ITEM_FIELDS[kind], place, compatibility);
    const parts = DESCRIBE[kind](reading);
    compatibility.adjust({ path: formatPath(place), from: kind, to: 'message' });
    return [{ type: 'message', role: 'developer', parts, path }];
  };
}

type Section = readonly [title: string, text: string | null | undefined];

function sections(head: string, ...more: readonly Section[]): Part[] {
  const texts = more.flatMap(([title, said]) => (said ? [`${title}:\n${said}`] : []));
  return [{ type: 'text', text: [head, ...texts].join('\n\n') }];
}

function image(url: string, path: string): Part {
  return { type: 'image', url, detail: 'auto', path };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Returns true if an item holds something that the model would miss. */
export function hasResult(kind: string, item: object): boolean {
  if (!Object.hasOwn(RESULTS, kind)) return false;
  return RESULTS[kind as ResultKind].some((field) => hasSome((item as Record<string, unknown>)[field]));
}

const RESULTS: Readonly<Record<ResultKind, readonly string[]>> = {
  file_search_call: ['results'],
  code_interpreter_call: ['outputs'],
  image_generation_call: ['result'],
  mcp_call: ['output', 'error'],
};

function hasSome(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}
