import { describeSchemas } from '../../tools/openapi/describe-schemas.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';

interface CatalogEntry {
  readonly tool: AnyTool;
  readonly path: string;
}

/** Creates a route that lists tools with their schemas, which are made when somebody first asks. */
export function catalogRoute(path: string, list: () => readonly CatalogEntry[]): Route {
  let tools: readonly object[] | undefined;
  const show: Middleware = (ctx) => {
    tools ??= list().map(describeEntry);
    ctx.body = { tools };
  };
  return { method: 'get', path, handlers: [show] };
}

function describeEntry({ tool, path }: CatalogEntry): object {
  const { name, description, annotations } = tool;
  const { input, output } = describeSchemas(tool);
  return {
    name,
    description,
    method: 'POST',
    path,
    input_schema: input,
    output_schema: output,
    annotations,
  };
}
