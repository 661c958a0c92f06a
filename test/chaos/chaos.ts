// Runs the built gateway under mixed traffic while one fault after the other strikes it, and checks what must hold all the same.
//
//     npm run build && npm run chaos -- --seconds 60
//     npm run chaos -- --seconds 60 --seed 7      the same faults in the same order again
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clearProgress, showProgress } from '../bench/report/progress.ts';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    clients: { type: 'string', default: '8' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60);
if (!existsSync(new URL('../../dist/cli/main.js', import.meta.url))) {
  console.error('Build the gateway first.');
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

console.log(`Seed ${seed}.`);
const journal = await runChaos({ seed, seconds, clients: Number(values.clients), progress: showProgress });
clearProgress();
for (const [key, count] of [...journal.counts].toSorted()) console.log(`${count}\t${key}`);
for (const violation of journal.violations) console.error(violation);
const { length } = journal.violations;
console.log(length === 0 ? 'Everything holds.' : `${length} violations; repeat them with --seed ${seed}.`);
process.exitCode = length === 0 ? 0 : 1;
