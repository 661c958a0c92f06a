import { setTimeout as sleep } from 'node:timers/promises';
import { appServersOf, processesOf } from '../process/processes.ts';
import type { Run } from '../run.ts';
import { call } from '../traffic/http-call.ts';
import { textOfResponse, type ResponseObject } from '../traffic/responses.ts';
import { makeRequest } from '../traffic/traffic.ts';
import { growthOf, homesOf, takeFigures, type Figures } from './figures.ts';

/** Checks what must hold when all faults are over and all requests have ended. */
export async function checkEnd(run: Run): Promise<void> {
  await checkPlaces(run);
  await checkStored(run);
  await checkMetrics(run);
  checkLog(run);
  const children = appServersOf(run.gateway.pid());
  if (children.length !== 1) run.journal.violate(`${children.length} app-servers run in place of one.`);
}

/** Asks for as many answers at once as may run: a place that was not given back would be missed. */
async function checkPlaces(run: Run): Promise<void> {
  const random = run.random.fork('places');
  const ask = async (index: number) =>
    await makeRequest(run, random, { kind: 'chat, streamed', id: `end-${index}` });
  await Promise.all(Array.from({ length: run.places }, (_, index) => ask(index)));
}

/** Reads everything that was acknowledged. */
async function checkStored({ gateway, journal, vault }: Run): Promise<void> {
  for (const { id, token, text: expected } of vault.all()) {
    const signal = AbortSignal.timeout(60_000);
    const { status, text } = await call({
      origin: gateway.origin(),
      token,
      signal,
      path: `/v1/responses/${id}`,
    });
    const said = status === 200 ? textOfResponse(JSON.parse(text) as ResponseObject) : undefined;
    if (said !== expected) journal.violate(`the stored response ${id} is ${status} ${said ?? ''}.`);
  }
}

/** Reads the gateway's own counts: it must know of nothing that runs or waits. */
async function checkMetrics({ gateway, journal, tokens }: Run): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const { text } = await call({ origin: gateway.origin(), token: tokens[0]!, signal, path: '/metrics' });
  for (const name of ['running', 'waiting'])
    if (!text.includes(`\ncodex_gateway_turns_${name} 0\n`))
      journal.violate(`the metrics do not say that 0 turns are ${name}: ${text.slice(0, 200)}`);
}

/** An error that nobody has foreseen. */
const UNFORESEEN = /internal_error|TypeError|ReferenceError|Unhandled|\w+Warning:|^\s+at /;

function checkLog({ gateway, journal }: Run): void {
  const lines = gateway.output().filter((line) => UNFORESEEN.test(line));
  for (const line of lines.slice(0, 5)) journal.violate(`the log says: ${line}`);
}

/** Most that a figure may have grown by, in things that come and go by themselves, such as kept connections. */
const SLACK = {
  gatewayDescriptors: 6,
  childDescriptors: 12,
  gatewayThreads: 1,
  temporaryFiles: 0,
  homes: 0,
} as const satisfies Partial<Record<keyof Figures, number>>;

/** Compares the figures of an idle gateway before the traffic with those after it. */
export async function checkResources(run: Run, before: Figures): Promise<Figures> {
  let after = await takeFigures(run);
  // Kept connections and warm threads end by themselves.
  for (let left = 20; left > 0 && exceeds(before, after).length > 0; left -= 1) {
    await sleep(500);
    after = await takeFigures(run);
  }
  for (const problem of exceeds(before, after)) run.journal.violate(problem);
  return after;
}

function exceeds(before: Figures, after: Figures): string[] {
  return Object.entries(SLACK)
    .map(([name, slack]) => [name as keyof typeof SLACK, slack] as const)
    .filter(([name, slack]) => after[name] > before[name] + slack)
    .map(([name]) => `${name} has grown from ${before[name]} to ${after[name]}.`);
}

/** Megabytes that a process may grow by after it is warm. */
const MAX_GROWTH = 10;

/**
 * Least seconds and least share of its life in which a process warms up. For ten minutes the app-server keeps threads of
 * conversations that may go on: until then, more are kept from minute to minute.
 */
const WARM_UP = { seconds: 600, share: 0.45 };

/** Fewer samples say nothing about memory. */
const LEAST_SAMPLES = 12;

/** Megabytes of everything that is kept. */
const MAX_STATE = 200;

/** Growth of the last processes of a run, in megabytes; undefined if the run was too short to say. */
export interface Growth {
  readonly gateway: number | undefined;
  readonly child: number | undefined;
}

/** Checks that memory is flat, from the samples of the last gateway and the last child without those of their warm-up. */
export function checkMemory({ journal }: Run, samples: readonly Figures[]): Growth {
  const last = samples.at(-1)!;
  if (last.state > MAX_STATE) journal.violate(`the state folder has ${last.state.toFixed(0)} MB.`);
  const growth = {
    gateway: growthAfterWarmUp(samples, 'gatewayPid', 'gatewayMemory'),
    child: growthAfterWarmUp(samples, 'childPid', 'childMemory'),
  };
  for (const [name, megabytes] of Object.entries(growth))
    if (megabytes !== undefined && megabytes > MAX_GROWTH)
      journal.violate(`the memory of the ${name} has grown by ${megabytes.toFixed(1)} MB.`);
  return growth;
}

function growthAfterWarmUp(
  samples: readonly Figures[],
  pid: 'childPid' | 'gatewayPid',
  figure: 'childMemory' | 'gatewayMemory',
): number | undefined {
  const lasting = samples.filter((sample) => sample[pid] === samples.at(-1)![pid]);
  const begin = lasting[0]!.seconds;
  const life = lasting.at(-1)!.seconds - begin;
  const warmAt = begin + Math.max(WARM_UP.seconds, WARM_UP.share * life);
  const warm = lasting.filter(({ seconds }) => seconds >= warmAt);
  return warm.length < LEAST_SAMPLES ? undefined : growthOf(warm, figure);
}

/** Ends the gateway: nothing of it may be left. */
export async function checkStop({ gateway, journal }: Run): Promise<void> {
  const code = await gateway.stop('SIGTERM');
  if (code !== 0) journal.violate(`the gateway ended with ${code} after SIGTERM.`);
  const left = processesOf(gateway.folder);
  if (left.length > 0) journal.violate(`processes are left: ${left.join(', ')}.`);
  const homes = homesOf(gateway);
  if (homes.length > 0) journal.violate(`homes of app-servers are left: ${homes.join(', ')}.`);
}
