import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeCodex {
  /** Output of `--version`. */
  readonly version?: string;
  /** Output of `debug models`. */
  readonly models?: string;
  /** Body of the app-server: JavaScript that sees `line` (a parsed request), `reply(result)` and `send(text)`. */
  readonly onRequest?: string;
  /** JavaScript that runs when the app-server starts. */
  readonly onStart?: string;
}

/** Answers as a real app-server would until the first turn. */
const GOOD_START = `
const METHODS = ['initialize', 'account/read', 'account/login/start', 'model/list', 'thread/start', 'thread/inject_items',
  'thread/unsubscribe', 'turn/start', 'turn/interrupt'];
function start(line) {
  if (line.method === 'initialize') return reply({ userAgent: 'fake', codexHome: '/', platformFamily: 'unix', platformOs: 'x' });
  if (line.method === 'account/read') return reply({ account: null, requiresOpenaiAuth: false });
  if (line.method === 'model/list') {
    const model = { model: 'fake', hidden: false, supportedReasoningEfforts: [], inputModalities: ['text'], isDefault: true };
    return reply({ data: [model], nextCursor: null });
  }
  if (!METHODS.includes(line.method)) {
    const names = METHODS.map((name) => '\`' + name + '\`').join(', ');
    return fail(-32600, 'Invalid request: unknown variant \`' + line.method + '\`, expected one of ' + names);
  }
}
`;

/**
 * Writes an executable that behaves as no real codex can be made to. It is for what goes wrong: whatever the real one
 * does is tested with the real one.
 */
export function writeFakeCodex(
  folder: string,
  {
    version = 'codex-cli 0.169.0',
    models = '{"models":[{"slug":"fake"}]}',
    onStart = '',
    onRequest = 'start(line)',
  }: FakeCodex,
): string {
  const path = join(folder, 'codex');
  writeFileSync(
    path,
    `#!${process.execPath}
const [command] = process.argv.slice(2);
if (command === '--version') console.log(${JSON.stringify(version)});
else if (command === 'debug') console.log(${JSON.stringify(models)});
else {
  const send = (text) => process.stdout.write(text + '\\n');
  let id;
  const reply = (result) => send(JSON.stringify({ id, result }));
  const fail = (code, message) => send(JSON.stringify({ id, error: { code, message } }));
  ${GOOD_START}
  ${onStart}
  let pending = '';
  process.stdin.setEncoding('utf8').on('data', (text) => {
    const lines = (pending + text).split('\\n');
    pending = lines.pop();
    for (const text of lines) {
      const line = JSON.parse(text);
      id = line.id;
      ${onRequest};
    }
  });
  process.stdin.on('end', () => process.exit(0));
}
`,
  );
  chmodSync(path, 0o755);
  return path;
}
