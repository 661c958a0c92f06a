import type { Observer } from '../../base/observation.ts';
import type { ToolServiceOptions } from '../../tools/tool-service.ts';
import { describeThrown } from '../log/describe-thrown.ts';

/** Returns a function that reports why a tool has failed, which no caller sees. */
export function reportFailedCalls(observer: Observer): ToolServiceOptions['onFailed'] {
  return ({ tool: { name: tool }, requestId: request }, error) => {
    const { problem, stack } = describeThrown(error);
    observer.observe({ type: 'tool-failed', tool, request, problem });
    if (stack !== undefined) observer.observe({ type: 'tool-failure-traced', tool, request, stack });
  };
}
