import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSource, type SourceImport } from './support/read-source.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** Rooms it may import from. */
  readonly rooms: readonly string[];
  /** Packages it may import. */
  readonly packages: readonly string[];
  /** True if it may use Node's own modules. */
  readonly node: boolean;
  /** Rooms from which it may import types only. */
  readonly typesOf?: readonly string[];
}

/** The house: whatever is not listed is forbidden. */
const ROOMS: Readonly<Record<string, Room>> = {
  base: { rooms: [], packages: [], node: false },
  conversation: { rooms: ['base'], packages: [], node: false },
  schema: { rooms: ['base'], packages: [], node: false },
  openai: { rooms: ['base', 'conversation', 'schema'], packages: ['zod'], node: false },
  codex: {
    rooms: ['base', 'conversation', 'schema'],
    typesOf: ['generated'],
    packages: ['execa', 'smol-toml', 'vscode-jsonrpc/node', 'zod'],
    node: true,
  },
  gateway: { rooms: ['base', 'conversation', 'schema'], packages: [], node: false },
  http: {
    rooms: ['base', 'openai', 'gateway', 'sessions', 'tools', 'console'],
    typesOf: ['conversation', 'upstream'],
    packages: ['koa', '@koa/router', 'koa-body', 'ws', 'zod'],
    node: true,
  },
  upstream: { rooms: ['base'], packages: ['execa', 'undici', 'zod'], node: true },
  images: { rooms: ['base', 'conversation'], packages: ['image-dimensions', 'ipaddr.js'], node: true },
  store: { rooms: ['base', 'conversation'], typesOf: ['tools'], packages: ['tinyglobby'], node: true },
  access: { rooms: ['base'], packages: ['zod'], node: true },
  sessions: { rooms: ['base', 'conversation'], packages: ['diff', 'zod'], node: true },
  tools: {
    rooms: ['base'],
    packages: ['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio', 'execa', 'zod'],
    node: true,
  },
  console: { rooms: ['base'], packages: ['zod'], node: true },
  metrics: {
    rooms: ['base'],
    packages: [
      'prom-client',
      '@opentelemetry/api',
      '@opentelemetry/exporter-metrics-otlp-proto',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/sdk-trace',
    ],
    node: true,
  },
  demo: { rooms: ['base', 'schema'], packages: [], node: true },
  service: { rooms: ['base'], packages: [], node: true },
  app: {
    rooms: [
      'base',
      'conversation',
      'openai',
      'codex',
      'gateway',
      'http',
      'images',
      'store',
      'demo',
      'schema',
      'service',
      'upstream',
      'access',
      'metrics',
      'sessions',
      'tools',
      'console',
    ],
    packages: [
      'ajv',
      'ajv/dist/2020.js',
      'gpt-tokenizer/BytePairEncodingCore',
      'gpt-tokenizer/bpeRanks/o200k_base',
      'eventsource-parser/stream',
      'gpt-tokenizer/encodingParams/constants',
      'jsonc-parser',
      'zod',
    ],
    node: true,
  },
  cli: { rooms: ['base', 'app'], packages: ['commander'], node: true },
};

/** Sub-rooms and the sub-rooms of their room that each may import from; `.` stands for files that lie in no sub-room. */
const SUB_ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  base: { '.': ['async'], async: [] },
  conversation: { '.': [], ports: ['.'] },
  openai: {
    '.': ['chat', 'completions', 'conversations', 'items', 'request', 'responses/request', 'vocabulary'],
    request: [],
    vocabulary: ['request'],
    items: ['request', 'vocabulary'],
    chat: ['items', 'request', 'vocabulary'],
    completions: ['request', 'vocabulary'],
    conversations: ['items', 'request'],
    models: ['request'],
    'responses/request': ['items', 'request', 'vocabulary'],
    'responses/output': ['items', 'vocabulary'],
    'responses/response': ['items', 'responses/output', 'responses/request', 'vocabulary'],
  },
  codex: {
    protocol: [],
    process: ['protocol'],
    home: [],
    runtime: ['home', 'process', 'protocol'],
    agent: ['home', 'process', 'protocol', 'runtime'],
    chat: [
      'chat/continuation',
      'chat/decode',
      'chat/encode',
      'chat/profile',
      'home',
      'process',
      'protocol',
      'runtime',
    ],
    'chat/profile': ['chat/continuation', 'chat/decode', 'home', 'process', 'protocol', 'runtime'],
    'chat/continuation': ['chat/decode', 'chat/encode'],
    'chat/encode': [],
    'chat/decode': ['home', 'protocol'],
  },
  gateway: {
    '.': ['answer', 'models', 'turn'],
    turn: [],
    answer: [],
    models: ['answer'],
    state: ['answer'],
  },
  sessions: {
    '.': ['approvals', 'attachments', 'events', 'providers', 'turns', 'workspace', 'workspace/history'],
    account: [],
    approvals: ['events', 'workspace'],
    attachments: ['events'],
    events: [],
    openapi: ['events', 'providers', 'requests'],
    providers: [],
    requests: ['providers'],
    turns: ['events'],
    workspace: [],
    'workspace/history': ['workspace'],
  },
  console: {
    '.': ['clients', 'contract', 'live', 'models', 'sessions', 'settings', 'sign-in', 'tokens', 'tools'],
    contract: [],
    recording: ['contract'],
    live: ['contract'],
    'sign-in': [],
    clients: ['contract'],
    models: ['contract'],
    overview: ['contract', 'live', 'recording'],
    requests: ['contract', 'recording'],
    sessions: ['contract'],
    settings: ['contract', 'models'],
    tokens: ['contract'],
    tools: ['contract'],
  },
  tools: {
    '.': ['audit', 'gates'],
    audit: ['.'],
    gates: ['.'],
    hygiene: ['.', 'hygiene/diff', 'hygiene/secrets'],
    'hygiene/diff': [],
    'hygiene/secrets': ['hygiene'],
    ita: ['.'],
    knowledge: ['.'],
    mcp: ['.'],
    modules: ['.', 'audit'],
    openapi: ['.', 'ita'],
    'pull-requests': ['.'],
    'test-runs': ['.', 'test-runs/processes', 'test-runs/reports'],
    'test-runs/processes': [],
    'test-runs/reports': [],
  },
  upstream: {
    copilot: [
      'copilot/auth',
      'copilot/diagnostics',
      'copilot/models',
      'copilot/request',
      'copilot/transport',
    ],
    'copilot/auth': ['copilot/transport'],
    'copilot/diagnostics': [],
    'copilot/models': ['copilot/auth', 'copilot/transport'],
    'copilot/request': ['copilot/diagnostics', 'copilot/transport'],
    'copilot/transport': [],
  },
  http: {
    '.': [
      'body',
      'console',
      'copilot',
      'middleware',
      'openai',
      'operations',
      'requests',
      'routing',
      'sessions',
      'tools',
      'mcp',
    ],
    requests: [],
    sockets: ['requests'],
    edge: ['requests'],
    body: ['requests', 'sockets'],
    middleware: ['body', 'edge', 'requests'],
    routing: ['middleware', 'requests'],
    operations: ['requests', 'routing'],
    console: ['edge', 'requests', 'routing'],
    copilot: ['edge', 'requests', 'routing'],
    sessions: ['edge', 'requests', 'routing'],
    tools: ['requests', 'routing', 'sockets'],
    mcp: ['edge', 'requests', 'routing', 'tools'],
    openai: ['openai/request', 'openai/responses', 'requests', 'routing', 'web-socket'],
    'openai/responses': ['openai/request', 'requests'],
    'openai/request': ['edge', 'requests'],
    'web-socket': ['body', 'edge', 'openai/request', 'openai/responses', 'requests', 'sockets'],
  },
  service: { process: [], log: [], units: [] },
  store: {
    '.': ['database', 'sessions'],
    database: [],
    knowledge: ['database'],
    sessions: ['database'],
    thread: ['.', 'database'],
    tools: ['database'],
  },
  app: {
    '.': [
      'access',
      'codex',
      'config',
      'console',
      'copilot',
      'gateways',
      'lifecycle',
      'log',
      'sessions',
      'state',
      'tools',
      'worker',
    ],
    sessions: ['config'],
    clients: [],
    console: [
      '.',
      'access',
      'clients',
      'codex',
      'config',
      'copilot',
      'doctor',
      'gateways',
      'inquiries',
      'tools',
    ],
    tools: ['config', 'files', 'log', 'worker'],
    files: [],
    access: ['config', 'files'],
    background: ['access', 'config', 'files', 'gateways', 'log'],
    services: ['background', 'config', 'files'],
    update: ['config'],
    config: ['files'],
    log: ['config'],
    lifecycle: ['config', 'log'],
    gateways: ['config', 'files'],
    worker: [],
    state: ['config', 'files', 'worker'],
    codex: ['config', 'files', 'state', 'worker'],
    copilot: ['access', 'codex', 'config', 'files', 'lifecycle', 'log'],
    inquiries: ['.', 'codex', 'config', 'copilot', 'gateways', 'inquiries/tool-calls', 'log', 'state'],
    'inquiries/tool-calls': [],
    doctor: ['codex', 'config', 'copilot', 'files', 'gateways', 'inquiries', 'lifecycle', 'log', 'tools'],
  },
};

/** Watched globals that single files may use; every other use is forbidden. */
const GLOBALS: Readonly<Record<string, readonly string[]>> = {
  'src/base/is-alive.ts': ['process.kill'],
  'src/app/config/config.ts': ['process.env'],
  'src/app/codex/figures.ts': ['process.memoryUsage'],
  'src/app/doctor/examine.ts': ['process.versions'],
  'src/app/files/trusted-files.ts': ['process.getuid'],
  'src/app/lifecycle/lost-errors.ts': ['process.on', 'process.off', 'process.exit'],
  'src/app/tools/watch-exit.ts': ['process.once', 'process.off', 'process.exitCode'],
  'src/app/gateways/running-gateways.ts': ['process.pid'],
  'src/app/lifecycle/signals.ts': [
    'process.on',
    'process.off',
    'process.listeners',
    'process.kill',
    'process.pid',
    'process.ppid',
  ],
  'src/app/config/own-command.ts': ['process.execPath'],
  'src/app/console/open-in-browser.ts': ['process.platform'],
  'src/cli/commands/mcp/mcp.ts': ['process.stdin'],
  'src/cli/commands/serve.ts': ['process.pid'],
  'src/cli/commands/service/service-commands.ts': ['process.platform'],
  'src/service/process/end-process.ts': ['process.kill'],
  'src/cli/terminal.ts': ['process.stderr', 'process.stdin', 'process.stdout'],
  'src/codex/home/root-store.ts': ['process.platform'],
  'src/codex/protocol/ndjson-writer.ts': ['process.nextTick'],
  'src/codex/process/binary.ts': ['process.platform', 'process.arch'],
  'src/codex/process/cpu-time.ts': ['process.platform'],
  'src/codex/process/resident-memory.ts': ['process.platform'],
  'src/codex/home/dead-homes.ts': ['process.pid'],
  'src/codex/home/end-leftovers.ts': ['process.platform', 'process.kill'],
  'src/codex/process/spawn-binary.ts': ['process.kill'],
  'src/images/guarded-get.ts': ['process.getBuiltinModule'],
  'src/http/sockets/node-http.ts': ['process.getBuiltinModule'],
  'src/tools/pull-requests/run-git.ts': ['process.kill'],
  'src/tools/test-runs/processes/command-processes.ts': ['process.kill'],
  'src/store/database/load-sqlite.ts': ['process', 'process.emitWarning'],
  'src/store/database/owner.ts': ['process.pid'],
};

/** Modules by which another rule could be gone round, each with the files that may use it. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  // To load package.json and a CommonJS module, to find where a package lies, and where compiled code is kept.
  'node:module': [
    'src/app/config/version.ts',
    'src/app/worker/start-worker.ts',
    'src/codex/process/binary.ts',
    'src/http/routing/create-router.ts',
  ],
  // The two ends of a worker thread.
  'node:worker_threads': ['call-thread', 'serve-calls', 'serve-jobs', 'start-worker'].map(
    (name) => `src/app/worker/${name}.ts`,
  ),
  'node:console': [],
  'node:process': [],
  // To collect garbage.
  'node:vm': ['src/app/lifecycle/tidy-memory.ts'],
};

/** Files that load code whose place is known only at run time. */
const COMPUTED_IMPORTS: readonly string[] = [
  // The modules of `tools.modules`, which the user of the gateway has named in the config file.
  'src/app/tools/load-modules.ts',
];

const entries = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(relative(ROOT, entry.parentPath), entry.name));

/** The declaration of an export. */
const EXPORTED = /^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/gm;

const files = entries.filter((file) => file.endsWith('.ts'));

const sources = new Map(
  files.map((file) => [file, readSource(file, readFileSync(join(ROOT, file), 'utf8'))]),
);

interface Import extends SourceImport {
  readonly file: string;
}

const importsOf = (file: string): Import[] => sources.get(file)!.imports.map((entry) => ({ ...entry, file }));
const imports = files.flatMap(importsOf);
const roomOf = (file: string) => file.split('/')[1]!;
const targetOf = ({ file, specifier = '' }: Import) => normalize(join(dirname(file), specifier));

function isAllowed(entry: Import): boolean {
  const { specifier, typeOnly } = entry;
  const room = ROOMS[roomOf(entry.file)];
  if (room === undefined) return false;
  if (specifier === undefined) return COMPUTED_IMPORTS.includes(entry.file);
  if (specifier.startsWith('node:')) return room.node && (GUARDED[specifier]?.includes(entry.file) ?? true);
  if (!specifier.startsWith('.')) return room.packages.includes(specifier);
  const target = targetOf(entry);
  const targetRoom = target.startsWith('src/') ? roomOf(target) : target.split('/')[0]!;
  if (typeOnly && room.typesOf?.includes(targetRoom)) return true;
  return target.startsWith('src/') && [roomOf(entry.file), ...room.rooms].includes(targetRoom);
}

/** The folder of a file inside its room. */
const subRoomOf = (file: string) => relative(join('src', roomOf(file)), dirname(file)) || '.';

/** Returns true for an import inside a sub-room, or into one that the table allows. */
function keepsToSubRooms(entry: Import): boolean {
  const target = entry.specifier?.startsWith('.') ? targetOf(entry) : '';
  const table = SUB_ROOMS[roomOf(entry.file)];
  if (table === undefined || !sources.has(target) || roomOf(target) !== roomOf(entry.file)) return true;
  const from = subRoomOf(entry.file);
  return from === subRoomOf(target) || table[from]?.includes(subRoomOf(target)) === true;
}

function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path, file];
    if (done.has(file)) return undefined;
    for (const entry of importsOf(file)) {
      const target = entry.specifier?.startsWith('.') ? targetOf(entry) : '';
      const cycle = sources.has(target) ? visit(target, [...path, file]) : undefined;
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  return files.map((file) => visit(file, [])).find((cycle) => cycle !== undefined);
}

describe('the architecture', () => {
  it('has exactly the rooms that the table lists, with only TypeScript files and one README', () => {
    expect(readdirSync(join(ROOT, 'src')).toSorted()).toEqual(Object.keys(ROOMS).toSorted());
    expect(entries.filter((file) => !file.endsWith('.ts'))).toEqual(['src/schema/README.md']);
  });

  it('has no files or folders at the top other than those allowed', () => {
    const made = ['node_modules', 'dist', 'coverage'];
    const files = [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ];
    const folders = ['bin', 'console', 'docs', 'src', 'generated', 'test'];
    const top = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !made.includes(name));
    expect(top.toSorted()).toEqual([...files, ...folders].toSorted());
  });

  it('has only imports that the table allows', () => {
    expect(imports.length).toBeGreaterThan(200);
    const forbidden = imports.filter((entry) => !isAllowed(entry));
    expect(forbidden.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });

  it('has only imports between sub-rooms that the table allows', () => {
    const forbidden = imports.filter((entry) => !keepsToSubRooms(entry));
    const shown = forbidden.map((entry) => `${entry.file} -> ${targetOf(entry)}`);
    expect(shown).toEqual([]);
  });

  it.each(Object.keys(SUB_ROOMS))('lists every sub-room of %s', (room) => {
    const folders = new Set(files.filter((file) => roomOf(file) === room).map(subRoomOf));
    expect([...folders].toSorted()).toEqual(Object.keys(SUB_ROOMS[room]!).toSorted());
  });

  it('has no files of more than 250 lines', () => {
    const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });

  it('has no circular imports', () => {
    expect(findCycle()).toBeUndefined();
  });

  it('uses environment, console, process and code loading only in the listed files', () => {
    const uses = files.map((file) => [file, new Set(sources.get(file)!.globals)] as const);
    const allowed = Object.entries(GLOBALS).map(([file, names]) => [file, new Set(names)] as const);
    expect(new Map(uses.filter(([, names]) => names.size > 0))).toEqual(new Map(allowed));
  });

  it('has no two exports of one name', () => {
    const names = files.flatMap((file) => [
      ...new Set([...readFileSync(join(ROOT, file), 'utf8').matchAll(EXPORTED)].map(([, name]) => name)),
    ]);
    const repeated = names.filter((name, index) => names.indexOf(name) !== index);
    expect(repeated).toEqual([]);
  });

  it('has no files with a vague name such as utils.ts or helpers.ts', () => {
    expect(files.filter((file) => /\/(index|utils?|helpers?|misc|common)\.ts$/.test(file))).toEqual([]);
  });
});

describe('the source reader', () => {
  it.each([
    ["import type { A } from './a.ts'", { specifier: './a.ts', typeOnly: true }],
    ['import { type A } from "./a.ts"', { specifier: './a.ts', typeOnly: false }],
    ["import './a.ts'", { specifier: './a.ts', typeOnly: false }],
    ["export * from './a.ts'", { specifier: './a.ts', typeOnly: false }],
    ["export /* ' */ { a } from './a.ts'", { specifier: './a.ts', typeOnly: false }],
    ['await import("./a.ts")', { specifier: './a.ts', typeOnly: false }],
    ['await import(`./a.ts`)', { specifier: undefined, typeOnly: false }],
    ["type A = import('./a.ts').A", { specifier: './a.ts', typeOnly: true }],
  ])('finds the import in %s', (text, expected) => {
    expect(readSource('a.ts', text).imports).toEqual([expected]);
  });

  it.each([
    ['process.env', 'process.env'],
    ["process['env']", 'process[]'],
    ['const { env } = process', 'process'],
    ['process.getBuiltinModule("fs")', 'process.getBuiltinModule'],
    ['const { log } = console', 'console'],
    ['require("fs")', 'require'],
    ['globalThis.process', 'globalThis.process'],
  ])('finds the global in %s', (text, expected) => {
    expect(readSource('a.ts', text).globals).toEqual([expected]);
  });

  it('finds no global in a key, a member, a comment or a string', () => {
    expect(
      readSource('a.ts', "// process.env\nconst a = { process: 'console.log' }; a.process;").globals,
    ).toEqual([]);
  });
});

it('every test folder belongs to a room or is one of the listed others', () => {
  const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const others = [
    'bench',
    'chaos',
    'clients',
    'browser',
    'console-page',
    'copilot-cli',
    'docs',
    'e2e',
    'live',
    'mcp',
    'python',
    'support',
  ];
  expect(folders.filter((name) => !(name in ROOMS) && !others.includes(name))).toEqual([]);
});

it('the lockfile names no download addresses', () => {
  expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

it('no test makes the map of all characters of fast-check, which takes a second and 100 MB in each process', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  const all = tests.filter((file) =>
    readFileSync(join(ROOT, 'test', file), 'utf8').includes("unit: 'binary'"),
  );
  expect(all.filter((file) => file !== 'architecture.test.ts')).toEqual([]);
});
