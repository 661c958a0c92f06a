// What the gateway adds to the app-server: the same turns on the same app-server, asked directly and over HTTP, in turn.
// Usage: npm run bench [turns]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBinary } from '../../src/codex/process/binary.ts';
import { startCodexEngine } from '../../src/codex/chat/engine.ts';
import { selectProvider } from '../../src/codex/home/provider.ts';
import { readUserConfig } from '../../src/codex/home/user-config.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import { createAccessToken } from '../../src/http/middleware/authenticate.ts';
import { SCOPES } from '../../src/http/requests/context.ts';
import { createApp } from '../../src/http/app.ts';
import { createIdempotencyKeys } from '../../src/gateway/state/idempotency-keys.ts';
import { createBackgroundResponses } from '../../src/http/openai/responses/background-responses.ts';
import { SYSTEM_FOLDER } from '../../src/codex/home/system-config.ts';
import { createModelDirectory } from '../../src/gateway/models/model-directory.ts';
import { createModelRouting } from '../../src/gateway/models/model-routing.ts';
import { createSchemaChecker } from '../../src/app/worker/schema-checker.ts';
import { createTokenizer } from '../../src/app/worker/tokenizer.ts';
import { createImages } from '../../src/images/load-images.ts';
import { listen } from '../../src/app/lifecycle/listen.ts';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { createOpenSockets } from '../../src/http/web-socket/open-sockets.ts';
import { ignoreRows } from '../../src/store/database/ignore-rows.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createFolder } from '../support/temporary-folder.ts';

const TURNS = Number(process.argv[2] ?? 200);
const ROUNDS = 5;
const TURN = {
  model: 'gpt-6-sol',
  items: [{ type: 'message', role: 'user', parts: [{ type: 'text', text: 'hello' }], path: '' }],
} as const;

/** Milliseconds until the first text of one turn; settles when the turn has ended. */
type Ask = () => Promise<number>;

interface Figures {
  /** Median milliseconds to the first text. */
  readonly firstText: number;
  readonly turnsPerSecond: number;
}

async function measure(ask: Ask, turns: number, concurrency: number): Promise<Figures> {
  const firstTexts: number[] = [];
  const start = performance.now();
  let left = turns;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      firstTexts.push(await ask());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - start) / 1000;
  return { firstText: median(firstTexts), turnsPerSecond: turns / seconds };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const folder = createFolder();
const upstream: ChildProcess = fork(fileURLToPath(new URL('upstream.ts', import.meta.url)));
try {
  const [baseUrl] = (await once(upstream, 'message')) as [string];
  mkdirSync(join(folder, 'home'));
  writeFileSync(join(folder, 'home', 'config.toml'), scriptedProvider(baseUrl));
  const user = await readUserConfig(join(folder, 'home'), SYSTEM_FOLDER);
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const binary = await findBinary(undefined, environment);
  const log = createMemoryLog();
  const engine = await startCodexEngine(
    {
      binary,
      provider: selectProvider(user, undefined, {}),
      user,
      userHome: undefined,
      stateDirectory: folder,
      environment,
      systemFolder: SYSTEM_FOLDER,
      catalog: undefined,
      furtherModels: [],
      nativeTools: 'auto',
      idleDeadlineSeconds: 300,
      retryAfter: 5,
      command: 'codex-gateway',
      clientVersion: '0.0.0',
      ignoreRows,
      observer: log,
    },
    new AbortController().signal,
  );
  const routing = createModelRouting(engine, {
    presets: [],
    defaults: {},
    reasoningSummary: false,
    only: undefined,
  });
  const gateway = createGateway({
    engine,
    routing,
    images: createImages({ hosts: [], observer: log }),
    schemas: createSchemaChecker(),
    tokenizer: createTokenizer(),
    deadlines: { start: 30, firstByte: 300, turn: 3600 },
    limits: { running: 128, waiting: 512 },
    observer: log,
  });
  const keys = createIdempotencyKeys();
  const app = createApp({
    gateway,
    models: createModelDirectory([{ name: 'codex', ...routing }]),
    status: async () => ({}),
    usage: async () => ({}),
    active: createActiveRequests(),
    sockets: createOpenSockets(),
    socketLifetimeMs: 3_600_000,
    observer: log,
    tokens: [createAccessToken('default', 'bench', SCOPES)],
    command: 'codex-gateway',
    originator: 'codex-gateway',
    store: undefined,
    sealing: { seal: (text) => text, unseal: (sealed) => sealed },
    keys,
    background: createBackgroundResponses(undefined, keys),
    bodyLimitBytes: 1_000_000,
    parseBody: async (body) => parseJsonBody(body),
    policy: { strict: false, enforceMaxTokens: false },
    keepAlive: { commentMs: 15_000, heartbeatMs: 60_000, firstSpaceMs: 20_000, nextSpaceMs: 30_000 },
    stallLimitMs: 300_000,
  });
  const handle = app.callback();
  const { cut, close, port } = await listen(
    '127.0.0.1',
    0,
    (request, response) => void handle(request, response),
  );

  const direct: Ask = async () => {
    const start = performance.now();
    let firstText = 0;
    for await (const batch of engine.runTurn(TURN, new AbortController().signal).events) {
      if (firstText === 0 && batch.some(({ type }) => type === 'text-delta')) {
        firstText = performance.now() - start;
      }
    }
    return firstText;
  };
  const overHttp: Ask = async () => {
    const start = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: TURN.model,
        stream: true,
        messages: [{ role: 'user', content: 'hello' }],
      }),
    });
    let firstText = 0;
    for await (const chunk of response.body!) {
      if (firstText === 0 && Buffer.from(chunk).includes('word0')) firstText = performance.now() - start;
    }
    return firstText;
  };

  for (const concurrency of [1, 8]) {
    const ratios: Figures[] = [];
    await measure(direct, 30, concurrency);
    await measure(overHttp, 30, concurrency);
    for (let round = 0; round < ROUNDS; round += 1) {
      const alone = await measure(direct, TURNS / ROUNDS, concurrency);
      const gatewayed = await measure(overHttp, TURNS / ROUNDS, concurrency);
      ratios.push({
        firstText: gatewayed.firstText / alone.firstText,
        turnsPerSecond: gatewayed.turnsPerSecond / alone.turnsPerSecond,
      });
      console.log(
        `${concurrency} at once, round ${round + 1}: app-server alone ${format(alone)}, over the gateway ${format(gatewayed)}`,
      );
    }
    console.log(
      `${concurrency} at once: gateway / app-server alone, medians of ${ROUNDS} rounds: ` +
        `first text ${median(ratios.map((ratio) => ratio.firstText)).toFixed(2)}, ` +
        `turns a second ${median(ratios.map((ratio) => ratio.turnsPerSecond)).toFixed(2)}\n`,
    );
  }
  cut();
  await close();
  await engine.close();
} finally {
  upstream.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

function format({ firstText, turnsPerSecond }: Figures): string {
  return `${firstText.toFixed(1)} ms, ${turnsPerSecond.toFixed(1)}/s`;
}
