import type { AccessTokens } from '../../access/access-tokens.ts';
import { TOOL_SERVER } from '../../sessions/approvals/own-question.ts';
import type { SessionTools } from '../../sessions/session-tools.ts';
import { mcpName } from '../../tools/mcp/mcp-name.ts';
import type { McpEndpoint } from '../../tools/mcp/mcp-endpoint.ts';
import type { AnyTool } from '../../tools/tool.ts';
import type { ToolService } from '../../tools/tool-service.ts';

export interface GatewayToolsOptions {
  /** Origin at which this machine reaches the gateway. */
  readonly origin: string;
  /** Parts that are opened after the sessions, and before the first of them works. */
  parts(): {
    readonly access: Pick<AccessTokens, 'endSessionKey' | 'makeSessionKey'>;
    readonly tools: {
      readonly service: Pick<ToolService, 'tools'>;
      readonly mcp: Pick<McpEndpoint, 'endSessionsOf'>;
    };
  };
}

/** Gives sessions the internal tools by the Model Context Protocol, as every other client has them. */
export function createGatewayTools({ origin, parts }: GatewayToolsOptions): SessionTools {
  return {
    async open({ id, owner, review }) {
      const { access, tools } = parts();
      return {
        name: TOOL_SERVER,
        url: `${origin}/mcp`,
        key: await access.makeSessionKey({ id, owner }),
        asked: review === 'none' ? [] : tools.service.tools.filter(isAsked).map(({ name }) => mcpName(name)),
      };
    },
    forget(sessionId) {
      const { access, tools } = parts();
      const caller = access.endSessionKey(sessionId);
      if (caller !== undefined) void tools.mcp.endSessionsOf(caller);
    },
  };
}

/** Returns false for a tool that only reads, and for one that asks a person itself, since it knows what it would change. */
function isAsked({ annotations, gate }: AnyTool): boolean {
  return gate === undefined && !annotations.readOnlyHint;
}
