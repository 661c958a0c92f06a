// Runs the built gateway under mixed traffic while one fault after the other strikes it, and checks what must hold all the same.
//
//     npm run build && npm run chaos -- --seconds 60
//     npm run chaos -- --seconds 60 --seed 7                         the same requests and faults again
//     npm run chaos -- --seconds 30 --fault 'child killed'           some of the faults
//     npm run chaos -- --seconds 60 --once                           each fault once
//     npm run chaos -- --minutes 20 --report docs/internals/chaos.md puts the figures into a document
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clearProgress, showProgress } from '../bench/report/progress.ts';
import { FAULTS } from './faults/plan.ts';
import { describeRun } from './report/describe-run.ts';
import { runChaos } from './run-chaos.ts';

/** A line of the log about a request that went well. */
const SUCCESS = /^\S+ +2\d\d /;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    clients: { type: 'string', default: '6' },
    fault: { type: 'string', multiple: true },
    once: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60);
const { fault: faults = FAULTS.map(({ name }) => name) } = values;
const unknown = faults.filter((name) => FAULTS.every((fault) => fault.name !== name));
if (unknown.length > 0 || !existsSync(new URL('../../dist/cli/main.js', import.meta.url))) {
  console.error(`Faults: ${FAULTS.map(({ name }) => `'${name}'`).join(' ')}. Build the gateway first.`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const { once } = values;
const warn = (violation: string) => {
  clearProgress();
  console.error(violation);
};
const clients = Number(values.clients);
const options = { seed, seconds, clients, faults, once, progress: showProgress, warn };
console.log(`Seed ${seed}.`);
const result = await runChaos(options);
clearProgress();
const description = describeRun(options, result);
console.log(description);
if (values.report !== undefined) {
  const document = readFileSync(values.report, 'utf8');
  const [before = ''] = document.split(/(?<=<!-- run -->\n)/);
  const [, after = ''] = document.split(/(?=<!-- \/run -->)/);
  writeFileSync(values.report, `${before}${description}${after}`);
}
const { violations } = result.journal;
if (violations.length > 0) {
  const lines = result.output.filter((line) => !SUCCESS.test(line));
  console.error(`\nThe last lines of the gateway:\n${lines.slice(-40).join('\n')}`);
  console.error(`\n${violations.length} violations; repeat them with --seed ${seed}.`);
}
process.exitCode = violations.length === 0 ? 0 : 1;
