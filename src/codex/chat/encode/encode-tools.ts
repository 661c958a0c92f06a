import type { JsonValue } from '../../../../generated/serde_json/JsonValue.js';
import type { DynamicToolSpec } from '../../../../generated/v2/DynamicToolSpec.js';
import { mapInSteps, type Steps } from '../../../base/async/steps.ts';
import type { Adjustment } from '../../../conversation/adjustment.ts';
import type { Tool } from '../../../conversation/tool.ts';
import { encodeParameters } from './encode-parameters.ts';
import { createToolNames, type ToolNames } from './tool-names.ts';

/** A caller's tools as `thread/start` takes them (`dynamicTools`), and what has to be known of them afterwards. */
export interface EncodedTools extends ToolNames {
  readonly specs: DynamicToolSpec[];
  readonly adjustments: Adjustment[];
}

/** What Codex's function tools cannot carry is told to the model in descriptions, or else to the caller. */
export function* encodeTools(tools: readonly Tool[]): Steps<EncodedTools> {
  const names = createToolNames(tools.map(({ name }) => name));
  return {
    ...names,
    specs: yield* mapInSteps(tools, (tool) => encodeTool(tool, names)),
    adjustments: tools.flatMap((tool) => adjustmentsOf(tool, names)),
  };
}

/** A tool without a description goes up with an empty one: Codex wants one. */
function encodeTool({ name, description = '', parameters }: Tool, names: ToolNames): DynamicToolSpec {
  const { schema, told } = encodeParameters(parameters);
  return {
    type: 'function',
    name: names.toCodexName(name),
    description: [description, told].filter(Boolean).join('\n\n'),
    // Whatever it is, it came as JSON.
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
