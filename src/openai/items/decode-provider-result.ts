import { formatPath } from '../../base/json-path.ts';
import type { MessageItem, Part } from '../../conversation/item.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { ITEM_KINDS, type ItemTypeOf } from './item-kinds.ts';
import {
  codeInterpreterCallSchema,
  fileSearchCallSchema,
  imageGenerationCallSchema,
  mcpCallSchema,
} from './item-schemas.ts';
import type { InputItem } from './read-items.ts';

type ResultType = ItemTypeOf<'provider-result'>;

/** Writes what a tool was given and what it returned as text and images. */
const DESCRIPTIONS: Readonly<Record<ResultType, (input: InputItem) => Part[]>> = {
  mcp_call({ item, path }) {
    const call = decodeValue(mcpCallSchema, item, path);
    const server = call.server_label ? ` of the MCP server ${JSON.stringify(call.server_label)}` : '';
    return describe(
      `The tool ${JSON.stringify(call.name)}${server} was called.`,
      ['Arguments', call.arguments],
      ['Output', call.output],
      ['Error', describeError(call.error)],
    );
  },
  file_search_call({ item, path }) {
    const { queries, results } = decodeValue(fileSearchCallSchema, item, path);
    return describe(
      'The files were searched.',
      ['Queries', queries && JSON.stringify(queries)],
      ['Results', results.map((result) => JSON.stringify(result)).join('\n')],
    );
  },
  code_interpreter_call({ item, path }) {
    const { code, outputs } = decodeValue(codeInterpreterCallSchema, item, path);
    const parts = outputs.map((output, index): Part => {
      if (output.type === 'logs') return { type: 'text', text: `Output:\n${output.logs}` };
      return createImage(output.url, formatPath([...path, 'outputs', index, 'url']));
    });
    return [...describe('Code was run.', ['Code', code]), ...parts];
  },
  image_generation_call({ item, path }) {
    const {
      result,
      output_format: format,
      revised_prompt: prompt,
    } = decodeValue(imageGenerationCallSchema, item, path);
    const url = /^\s*data:/i.test(result) ? result : `data:image/${format ?? 'png'};base64,${result}`;
    const text = describe('An image was generated.', ['Prompt', prompt]);
    return [...text, createImage(url, formatPath([...path, 'result']))];
  },
};

/** Decodes the result of a tool that another provider ran into the developer message in which the model reads it. */
export function decodeProviderResult(type: ResultType, input: InputItem): MessageItem {
  const { item, path, compatibility } = input;
  checkFields(item, ITEM_KINDS[type].fields, path, compatibility);
  const parts = DESCRIPTIONS[type](input);
  compatibility.adjust({ path: formatPath(path), from: type, to: 'message' });
  return { type: 'message', role: 'developer', parts, path: formatPath(path) };
}

type Section = readonly [title: string, text: string | null | undefined];

function describe(heading: string, ...sections: readonly Section[]): Part[] {
  const texts = sections.flatMap(([title, text]) => (text ? [`${title}:\n${text}`] : []));
  return [{ type: 'text', text: [heading, ...texts].join('\n\n') }];
}

function describeError(error: unknown): string | undefined {
  const isEmpty = error === null || error === undefined || (Array.isArray(error) && error.length === 0);
  if (isEmpty) return undefined;
  return typeof error === 'string' ? error : JSON.stringify(error);
}

function createImage(url: string, path: string): Part {
  return { type: 'image', url, detail: 'auto', path };
}
