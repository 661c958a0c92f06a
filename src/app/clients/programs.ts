import { shellQuote } from '../../base/format-text.ts';
import { quote, type Client, type ClientFacts } from './client.ts';

/** Programs that people use. */
export const PROGRAMS = {
  codex: {
    title: 'Codex CLI',
    kind: 'program',
    heading: '# Codex CLI',
    section: 'codex-cli',
    place: "In the config.toml of a CODEX_HOME other than the gateway's.",
    write: ({ origin, token, model }) => [
      "# config.toml in a CODEX_HOME other than the gateway's. In the shell:",
      `# export CODEX_GATEWAY_TOKEN=${shellQuote(token)}`,
      `model = ${quote(model)}`,
      'model_provider = "gateway"',
      '',
      '[model_providers.gateway]',
      'name = "gateway"',
      `base_url = ${quote(`${origin}/v1`)}`,
      'env_key = "CODEX_GATEWAY_TOKEN"',
      'wire_api = "responses"',
    ],
  },
  aider: {
    title: 'aider',
    kind: 'program',
    heading: '# aider',
    section: 'aider',
    place: 'Paste it into a terminal.',
    write: ({ origin, token, model }) => [
      `aider --openai-api-base ${origin}/v1 --openai-api-key ${shellQuote(token)} --model ${shellQuote(`openai/${model}`)}`,
    ],
  },
  continue: {
    title: 'Continue',
    kind: 'program',
    heading: '# Continue',
    section: 'continue',
    place: 'In ~/.continue/config.yaml.',
    write: ({ origin, token, model }) => [
      '# ~/.continue/config.yaml',
      'name: codex-gateway',
      'version: 1.0.0',
      'schema: v1',
      'models:',
      '  - name: Codex',
      '    provider: openai',
      `    model: ${quote(model)}`,
      `    apiBase: ${origin}/v1`,
      `    apiKey: ${quote(token)}`,
    ],
  },
  opencode: {
    title: 'opencode',
    kind: 'program',
    heading: '// opencode',
    section: 'opencode',
    place: 'In opencode.json.',
    write: ({ origin, token, model }) => {
      const provider = {
        npm: '@ai-sdk/openai-compatible',
        name: 'codex-gateway',
        options: { baseURL: `${origin}/v1`, apiKey: token },
        models: { [model]: { name: model } },
      };
      const file = {
        $schema: 'https://opencode.ai/config.json',
        provider: { 'codex-gateway': provider },
        model: `codex-gateway/${model}`,
      };
      return JSON.stringify(file, null, 2).split('\n');
    },
  },
  llm: {
    title: 'llm',
    kind: 'program',
    heading: '# llm (pip install llm)',
    section: 'llm',
    place: 'Run pip install llm, then paste it into a terminal.',
    write: ({ origin, token, model }) => [
      `llm keys set codex-gateway --value ${shellQuote(token)}`,
      `cat >> "$(dirname "$(llm logs path)")/extra-openai-models.yaml" <<'END'`,
      '- model_id: codex-gateway',
      `  model_name: ${quote(model)}`,
      `  api_base: ${origin}/v1`,
      '  api_key_name: codex-gateway',
      // Without these llm itself refuses tools, schemas and images.
      '  supports_tools: true',
      '  supports_schema: true',
      '  vision: true',
      'END',
      'llm -m codex-gateway Hello',
    ],
  },
  form: {
    title: 'Open WebUI, Cline, Roo Code, LibreChat',
    kind: 'program',
    heading: '# Open WebUI, Cline, Roo Code, LibreChat and others with a settings form',
    section: 'programs-with-a-settings-form',
    place:
      'In its settings, choose "OpenAI compatible" (in Open WebUI, an OpenAI connection), and enter this.',
    write: writeForm,
  },
  cursor: {
    title: 'Cursor',
    kind: 'program',
    heading: '# Cursor',
    section: 'cursor',
    place:
      'In its settings, override the OpenAI base URL. Cursor sends requests from its own servers, so that an address of this machine needs a tunnel.',
    write: writeForm,
  },
} as const satisfies Record<string, Client>;

function writeForm({ origin, token, model }: ClientFacts): string[] {
  return [`Base URL: ${origin}/v1`, `API key:  ${token}`, `Model:    ${model}`];
}
