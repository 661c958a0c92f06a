// Compares the gateway with a bare client of the app-server, before the same scripted provider and in turn, so that the load
// of the machine hits both alike. Only ratios of one run mean something.
//
//     npm run build && npm run bench                         every scenario
//     npm run bench -- turns deltas                          some of them
//     npm run bench -- turns --rounds 20                     more rounds: 8 by default
//     npm run bench -- deltas --profile /tmp/profiles        writes CPU profiles of the gateway and of its workers
//
// It runs the built gateway in dist/, as a user starts it. Run it on Node 24: npm does that by itself.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { profileInto } from './processes/gateway-process.ts';
import { formatFigure, holds, type Figure } from './report/figure.ts';
import { clearProgress } from './report/progress.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { CONSOLE } from './scenarios/console.ts';
import { COPILOT } from './scenarios/copilot.ts';
import { CONVERSATION, LONG_CONVERSATION, LOOP } from './scenarios/conversations.ts';
import { DELTAS_OF_ONE } from './scenarios/deltas.ts';
import { KNOWLEDGE } from './scenarios/knowledge.ts';
import { HISTORY, IMAGE } from './scenarios/large.ts';
import { LASTING, MEMORY } from './scenarios/memory.ts';
import { NETWORK } from './scenarios/network.ts';
import { PACED } from './scenarios/paced.ts';
import { START } from './scenarios/start.ts';
import { TAIL } from './scenarios/tail.ts';
import { TURNS } from './scenarios/turns.ts';
import { startSides, type Sides } from './sides.ts';

const SCENARIOS: readonly Scenario[] = [
  TURNS,
  TAIL,
  DELTAS_OF_ONE,
  PACED,
  HISTORY,
  IMAGE,
  CONVERSATION,
  LONG_CONVERSATION,
  LOOP,
  NETWORK,
  MEMORY,
  LASTING,
  START,
  COPILOT,
  KNOWLEDGE,
  CONSOLE,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '8' }, profile: { type: 'string' } },
});
const selected =
  positionals.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => positionals.includes(name));
if (selected.length < positionals.length || !existsSync(new URL('../../dist/cli/main.js', import.meta.url))) {
  console.error(`Scenarios: ${SCENARIOS.map(({ name }) => name).join(' ')}. Build the gateway first.`);
  process.exit(1);
}

// Leaves nothing running.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const figures: Figure[] = [];
let shared: Promise<Sides> | undefined;
const options = {
  nodeArguments: values.profile === undefined ? [] : profileInto(resolve(values.profile)),
};
const bench = {
  rounds: Number(values.rounds),
  options,
  sides: async () => await (shared ??= startSides(options)),
  report(figure: Figure) {
    clearProgress();
    console.log(formatFigure(figure));
    figures.push(figure);
  },
  note(line: string) {
    clearProgress();
    console.log(line);
  },
};
try {
  for (const scenario of selected) {
    await scenario.run(bench).catch((error: unknown) => {
      console.error(`${scenario.name} failed:`, error);
      process.exitCode = 1;
    });
  }
} finally {
  await (await shared)?.close();
}
const targets = figures.filter(({ target }) => target !== undefined);
console.log(`\n${targets.filter(holds).length} of ${targets.length} targets hold:`);
for (const figure of targets) console.log(formatFigure(figure));
