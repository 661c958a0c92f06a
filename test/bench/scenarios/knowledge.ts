import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatewayProcess, TOKEN } from '../processes/gateway-process.ts';
import { readMemoryKb } from '../processes/process-figures.ts';
import { showProgress } from '../report/progress.ts';
import type { Scenario } from './scenario.ts';

const DOCUMENTS = 500;
const LINES = 200;
const WORDS = 5_000;
const SEARCHES = 200;
/** A provider that gets no request. */
const BASE_URL = 'http://127.0.0.1:9/v1';

/** The search of 100,000 lines of documents: the first one, which makes the index, and those after it. */
export const KNOWLEDGE: Scenario = {
  name: 'knowledge',
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'codex-gateway-bench-'));
    const config = join(folder, 'config.json');
    writeDocuments(join(folder, 'docs'));
    writeFileSync(config, JSON.stringify({ tools: { knowledge: ['docs/**/*.md'], rateLimit: RATE } }));
    const home = join(folder, 'gateway');
    const environment = { PATH: process.env.PATH ?? '' };
    const gateway = await startGatewayProcess({
      baseUrl: BASE_URL,
      folder: home,
      environment,
      flags: ['--config', config],
    });
    try {
      const before = readMemoryKb(gateway.pid);
      showProgress('index of 100,000 lines');
      const first = await timeSearch(gateway.port, 'w1 w2');
      bench.report({
        name: 'index of 100,000 lines, and first search',
        unit: 'ms',
        gateway: [[first]],
        target: { of: 'value', atMost: 10_000 },
      });
      const times: number[] = [];
      for (let index = 0; index < SEARCHES; index += 1) {
        times.push(await timeSearch(gateway.port, `w${index * 7} w${index * 13} w${index}`));
      }
      bench.report({
        name: 'search of 100,000 lines',
        unit: 'ms',
        gateway: [times],
        target: { of: 'value', atMost: 50 },
      });
      bench.report({
        name: 'memory of the index of 100,000 lines',
        unit: 'MB',
        gateway: [[(readMemoryKb(gateway.pid) - before) / 1_000]],
      });
    } finally {
      await gateway.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const RATE = { perSecond: 1_000, burst: 10_000 };

/** Writes documents whose words are as unevenly frequent as those of a language. */
function writeDocuments(folder: string): void {
  mkdirSync(folder);
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const word = () => `w${Math.floor(random() ** 3 * WORDS)}`;
  const line = (index: number) => (index % 8 === 7 ? '' : Array.from({ length: 10 }, word).join(' '));
  for (let index = 0; index < DOCUMENTS; index += 1) {
    writeFileSync(
      join(folder, `${index}.md`),
      Array.from({ length: LINES }, (_, number) => line(number)).join('\n'),
    );
  }
}

async function timeSearch(port: number, query: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/tools/v1/kb/search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
  return performance.now() - start;
}
