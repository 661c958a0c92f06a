import { describeEdit, nextEditStep } from './demo-edit.ts';
import { fillSchema } from './fill-schema.ts';
import { parseObject, type DemoCall, type DemoRequest, type DemoTool } from './read-request.ts';

/** The demo's answer: a text or one call, and a summary of its reasoning before it. */
export interface DemoAnswer {
  readonly thought: string | undefined;
  readonly content: { readonly text: string } | DemoCall;
}

export function chooseAnswer(request: DemoRequest): DemoAnswer {
  const { effort, results } = request;
  const step = nextEditStep(request);
  const tool = results.length === 0 ? findTool(request) : undefined;
  return {
    thought:
      effort === undefined
        ? undefined
        : `**Reading the question**\n\nThe demo is asked for the effort '${effort}'; it thinks of what was said last.`,
    content: step ?? (tool ? { tool, input: inputFor(tool) } : { text: writeText(request) }),
  };
}

/** Returns the tool that the prompt asks for: by its name, or any if it says to use or call a tool. */
function findTool({ prompt, tools }: DemoRequest): DemoTool | undefined {
  const asksForAny = /\b(?:use|call)\b/i.test(prompt) && /\btools?\b/i.test(prompt);
  return tools.find(({ name }) => isNamed(name, prompt)) ?? (asksForAny ? tools[0] : undefined);
}

/** Matches the spelling with spaces, too: `get weather` for `get_weather`. */
function isNamed(name: string, prompt: string): boolean {
  const spaced = (text: string) =>
    ` ${text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `;
  return spaced(name).trim() !== '' && spaced(prompt).includes(spaced(name));
}

/**
 * Returns the input of a call. Codex shortens large schemas, so the gateway puts the complete one into the
 * description.
 */
function inputFor({ type, name, description, parameters }: DemoTool): string {
  if (type === 'custom') return `sample input of ${name}`;
  const [, described] = /JSON Schema of the arguments: (\{.*\})$/s.exec(description) ?? [];
  const filled = fillSchema({
    type: 'object',
    ...(described === undefined ? parameters : parseObject(described)),
  });
  return JSON.stringify(filled);
}

function writeText(request: DemoRequest): string {
  const { prompt, results, format } = request;
  if (format.type === 'schema') return JSON.stringify(fillSchema(format.schema));
  const said =
    describeEdit(request) ??
    (results.length > 0 ? `The tool returned: ${results.join('\n')}` : `You said: ${prompt}`);
  const text =
    'This is the demo model of codex-gateway; no real model was asked. ' +
    (results.length === 0 && prompt === '' ? 'You said nothing.' : said);
  return format.type === 'object' ? JSON.stringify({ answer: text }) : text;
}
