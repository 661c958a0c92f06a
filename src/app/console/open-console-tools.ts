import type { ConsoleTools } from '../../console/tools/console-tools.ts';
import type { AuditedCall, ConsoleTool } from '../../console/contract/tools.ts';
import type { LiveEvents } from '../../console/live/live-events.ts';
import type { AuditRow } from '../../store/tools/audit-rows.ts';
import { describeSchemas } from '../../tools/openapi/describe-schemas.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { OpenedTools } from '../tools/open-tools.ts';

/** Opens the tools and their audit for the console, which hears of each call. */
export function openConsoleTools(
  { service, audit }: Pick<OpenedTools, 'service' | 'audit'>,
  live: Pick<LiveEvents, 'publish'>,
): ConsoleTools {
  audit.follow(() => live.publish('changed', { area: 'tools' }));
  return {
    list: () => ({
      tools: service.tools.map(describeTool),
      off: service.missing.map(({ name }) => ({ name, how: service.explainMissing(name) ?? '' })),
    }),
    async audit({ show, limit, since, before, ...names }) {
      // One more than is shown, to know if there are others.
      const query = { ...names, since, before, show: show === 'all' ? undefined : show, limit: limit + 1 };
      const { rows, tools, keys } = await audit.page(query);
      return {
        calls: rows.slice(0, limit).map(decodeCall),
        has_more: rows.length > limit,
        tools: [...tools],
        keys: [...keys],
      };
    },
  };
}

function describeTool(tool: AnyTool): ConsoleTool {
  const { name, title, description, path, gate, annotations, example } = tool;
  return {
    name,
    title,
    description,
    path: `tools/v1${path}`,
    input: describeSchemas(tool).input,
    has_dry_run: gate !== undefined,
    is_read_only: annotations.readOnlyHint,
    example: example === undefined ? null : { ...(example.input as object) },
  };
}

function decodeCall({ number, line }: AuditRow): AuditedCall {
  const { time, ...call } = JSON.parse(line) as Omit<AuditedCall, 'time' | 'number'> & {
    readonly time: string;
  };
  const { key, assistant, tool, arguments: given, dry_run, outcome, ms, request_id } = call;
  return {
    number,
    time: Date.parse(time),
    key,
    assistant,
    tool,
    arguments: given,
    dry_run,
    outcome,
    ms,
    request_id,
  };
}
