import { shellQuote } from '../base/format-text.ts';

/** The facts that a client's configuration needs. */
interface ClientFacts {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
  readonly model: string;
}

interface Client {
  /** A comment that is printed above the configuration if there are several. */
  readonly heading: string;
  write(facts: ClientFacts): string[];
}

/** Programs and libraries whose configuration `show` prints. Each is a complete file or paste. */
export const CLIENTS: Readonly<Record<string, Client>> = {
  curl: {
    heading: '# curl',
    write: ({ token, ...facts }) => [formatCurl({ ...facts, token: { value: token } })],
  },
  python: {
    heading: '# Python (pip install openai)',
    write: ({ origin, token, model }) => [
      'from openai import OpenAI',
      '',
      `client = OpenAI(base_url=${quote(`${origin}/v1`)}, api_key=${quote(token)})`,
      'answer = client.chat.completions.create(',
      `    model=${quote(model)}, messages=[{"role": "user", "content": "Hello"}]`,
      ')',
      'print(answer.choices[0].message.content)',
    ],
  },
  node: {
    heading: '// Node (npm install openai; save as .mjs)',
    write: ({ origin, token, model }) => [
      "import OpenAI from 'openai';",
      '',
      `const client = new OpenAI({ baseURL: ${quote(`${origin}/v1`)}, apiKey: ${quote(token)} });`,
      'const answer = await client.chat.completions.create({',
      `  model: ${quote(model)},`,
      "  messages: [{ role: 'user', content: 'Hello' }],",
      '});',
      'console.log(answer.choices[0].message.content);',
    ],
  },
  aider: {
    heading: '# aider',
    write: ({ origin, token, model }) => [
      `aider --openai-api-base ${origin}/v1 --openai-api-key ${shellQuote(token)} --model ${shellQuote(`openai/${model}`)}`,
    ],
  },
  continue: {
    heading: '# Continue',
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
    heading: '// opencode',
    write: ({ origin, token, model }) => [
      JSON.stringify(
        {
          $schema: 'https://opencode.ai/config.json',
          provider: {
            'codex-gateway': {
              npm: '@ai-sdk/openai-compatible',
              name: 'codex-gateway',
              options: { baseURL: `${origin}/v1`, apiKey: token },
              models: { [model]: { name: model } },
            },
          },
          model: `codex-gateway/${model}`,
        },
        null,
        2,
      ),
    ],
  },
  codex: {
    heading: '# Codex CLI',
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
  llm: {
    heading: '# llm (pip install llm)',
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
  langchain: {
    heading: '# LangChain (pip install langchain-openai)',
    write: ({ origin, token, model }) => [
      'from langchain_openai import ChatOpenAI',
      '',
      'model = ChatOpenAI(',
      `    model=${quote(model)},`,
      `    base_url=${quote(`${origin}/v1`)},`,
      `    api_key=${quote(token)},`,
      ')',
      'print(model.invoke("Hello").content)',
    ],
  },
  'ai-sdk': {
    heading: '// Vercel AI SDK (npm install ai @ai-sdk/openai; save as .mjs)',
    write: ({ origin, token, model }) => [
      "import { createOpenAI } from '@ai-sdk/openai';",
      "import { generateText } from 'ai';",
      '',
      `const codex = createOpenAI({ baseURL: ${quote(`${origin}/v1`)}, apiKey: ${quote(token)} });`,
      `const { text } = await generateText({ model: codex(${quote(model)}), prompt: 'Hello' });`,
      'console.log(text);',
    ],
  },
};

/** Quotes a text as a JSON string, which is also a valid string in Python, JavaScript, TOML and YAML. */
const quote = (text: string) => JSON.stringify(text);

export interface CurlFacts {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** The token, or shell words that expand to it. */
  readonly token: { readonly value: string } | { readonly words: string };
  readonly model: string;
}

/** Formats a curl command that requests a short answer, ready to paste. */
export function formatCurl({ origin, token, model }: CurlFacts): string {
  const bearer =
    'value' in token
      ? shellQuote(`Authorization: Bearer ${token.value}`)
      : `"Authorization: Bearer ${token.words}"`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], stream: true });
  return [
    `curl -N ${origin}/v1/chat/completions \\`,
    `  -H ${bearer} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellQuote(body)}`,
  ].join('\n');
}
