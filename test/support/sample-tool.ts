import type { Tool } from '../../src/conversation/tool.ts';

export function sampleTool(further: Partial<Tool> = {}): Tool {
  return {
    name: 'get_weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: {} },
    strict: false,
    path: 'tools[0].function',
    ...further,
  };
}
