/** Facts about the server that a client is configured for. */
export type McpServerFacts = StdioFacts | HttpFacts;

interface StdioFacts {
  readonly type: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  /** Variables with values that are not secret, such as folders. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that the client has to pass on from its own environment. */
  readonly passedOn: readonly string[];
}

interface HttpFacts {
  readonly type: 'http';
  readonly url: string;
  /** The variable that holds the token. */
  readonly tokenVariable: string;
}

const NAME = 'codex-gateway';

/** Seconds after which Codex gives a call up: as long as tests may run. */
const TOOL_TIMEOUT_SECONDS = 3_600;

/** Writes the configuration of each client, ready to paste. None of them contains a token. */
export const MCP_CLIENTS: Readonly<Record<string, (server: McpServerFacts) => string>> = {
  codex: writeCodex,
  copilot: (server) => json({ mcpServers: { [NAME]: { ...describe(server, 'local'), tools: ['*'] } } }),
  vscode: writeVsCode,
  claude: (server) => json({ mcpServers: { [NAME]: describe(server, 'stdio') } }),
};

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

/** Describes the server for clients that put variables in by `${NAME}`. */
function describe(server: McpServerFacts, stdio: 'local' | 'stdio') {
  if (server.type === 'http') {
    const { url, tokenVariable } = server;
    return { type: 'http', url, headers: { Authorization: `Bearer \${${tokenVariable}}` } };
  }
  const { command, args, env, passedOn } = server;
  const references = Object.fromEntries(passedOn.map((name) => [name, `\${${name}}`]));
  return { type: stdio, command, args, env: { ...env, ...references } };
}

/** Writes the server for VS Code, which asks for the token once and keeps it. */
function writeVsCode(server: McpServerFacts): string {
  if (server.type === 'http') {
    const id = 'codex-gateway-token';
    const description = 'Token of codex-gateway with the scope tools';
    return json({
      servers: {
        [NAME]: { type: 'http', url: server.url, headers: { Authorization: `Bearer \${input:${id}}` } },
      },
      inputs: [{ type: 'promptString', id, description, password: true }],
    });
  }
  const { command, args, env, passedOn } = server;
  const references = Object.fromEntries(passedOn.map((name) => [name, `\${env:${name}}`]));
  return json({ servers: { [NAME]: { type: 'stdio', command, args, env: { ...env, ...references } } } });
}

/** Writes the server as TOML, in which strings may be written as in JSON. */
function writeCodex(server: McpServerFacts): string {
  const entries =
    server.type === 'http'
      ? { url: server.url, bearer_token_env_var: server.tokenVariable }
      : {
          command: server.command,
          args: server.args,
          ...(Object.keys(server.env).length > 0 && { env: server.env }),
          ...(server.passedOn.length > 0 && { env_vars: server.passedOn }),
        };
  const lines = Object.entries({ ...entries, tool_timeout_sec: TOOL_TIMEOUT_SECONDS });
  return [`[mcp_servers.${NAME}]`, ...lines.map(([key, value]) => `${key} = ${toml(value)}`)].join('\n');
}

function toml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} = ${toml(inner)}`);
  return `{ ${entries.join(', ')} }`;
}
