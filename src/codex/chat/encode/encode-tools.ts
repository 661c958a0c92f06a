import type { JsonValue } from '../../../../generated/serde_json/JsonValue.js';
import type { DynamicToolSpec } from '../../../../generated/v2/DynamicToolSpec.js';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import type { Adjustment } from '../../../conversation/turn-event.ts';
import type { Tool } from '../../../conversation/tool.ts';
import { encodeParameters } from './encode-parameters.ts';
import { createToolNames, type ToolNames } from './tool-names.ts';

/** A caller's tools as `thread/start` takes them (`dynamicTools`), with their names and the changes that were made. */
export interface EncodedTools extends ToolNames {
  readonly specs: DynamicToolSpec[];
  readonly adjustments: Adjustment[];
}

/** Encodes function tools for Codex. What its tools cannot express goes into descriptions, or into the adjustments. */
export function* encodeTools(tools: readonly Tool[]): Steps<EncodedTools> {
  const names = createToolNames(tools.map(({ name }) => name));
  return {
    ...names,
    specs: yield* mapInSteps(tools, (tool) => encodeTool(tool, names)),
    adjustments: tools.flatMap((tool) => adjustmentsOf(tool, names)),
  };
}

/** Encodes one tool. Codex requires a description, if only an empty one. */
function encodeTool({ name, description = '', parameters }: Tool, names: ToolNames): DynamicToolSpec {
  const { schema, note } = encodeParameters(parameters);
  return {
    type: 'function',
    name: names.toCodexName(name),
    description: [description, note].filter(Boolean).join('\n\n'),
    // The schema came as JSON.
    inputSchema: schema as JsonValue,
  };
}

function adjustmentsOf({ name, strict, path }: Tool, names: ToolNames): Adjustment[] {
  const codexName = names.toCodexName(name);
  return [
    ...(codexName === name ? [] : [{ path: `${path}.name`, from: name, to: codexName }]),
    ...(strict ? [{ path: `${path}.strict`, from: 'true', to: 'false' }] : []),
  ];
}
