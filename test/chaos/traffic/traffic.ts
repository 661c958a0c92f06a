import { setTimeout as sleep } from 'node:timers/promises';
import type { Directive } from '../provider/directive.ts';
import type { Run } from '../run.ts';
import type { Random } from '../random.ts';
import { answerTool, askAboutImage, askSlowly, askStreamed, askTwice, askWhole, goAway } from './chat.ts';
import type { Exchange, Verdict } from './exchange.ts';
import { attack } from './hostile.ts';
import { probeGateway } from './probe-gateway.ts';
import {
  readForeign,
  readStored,
  respondInBackground,
  respondStreamed,
  respondTwice,
  respondWhole,
} from './responses.ts';
import { CROSSED } from './http-call.ts';
import { talk } from './web-socket.ts';

/** A request that has not ended after this time never will, even on a machine that others use as well. */
const LIMIT_MS = 120_000;

interface Kind {
  readonly make: (exchange: Exchange) => Promise<Verdict>;
  /** Differences of the directive from that of a short text. */
  readonly directive?: Partial<Directive>;
  /** Number of such requests among all. */
  readonly weight: number;
}

/** Kinds of requests by name. */
const KINDS: Readonly<Record<string, Kind>> = {
  'chat, whole': { make: askWhole, weight: 3 },
  'chat, streamed': { make: askStreamed, weight: 4 },
  'chat, read slowly': { make: askSlowly, weight: 1, directive: { pieces: 60, pauseMs: 2 } },
  'chat, client leaves': { make: goAway, weight: 2, directive: { pieces: 40, pauseMs: 20 } },
  'chat, image': { make: askAboutImage, weight: 1, directive: { with: 'image' } },
  'chat, tool': { make: answerTool, weight: 2, directive: { with: 'tool' } },
  'chat, one key twice': { make: askTwice, weight: 1 },
  'response, whole': { make: respondWhole, weight: 2 },
  'response, streamed': { make: respondStreamed, weight: 2 },
  'response, continued': { make: respondTwice, weight: 2 },
  'response, background': { make: respondInBackground, weight: 2 },
  'response, read again': { make: readStored, weight: 2 },
  "response, another caller's": { make: readForeign, weight: 1 },
  WebSocket: { make: talk, weight: 2 },
  probe: { make: probeGateway, weight: 2 },
  hostile: { make: attack, weight: 2 },
};

const LOTS = Object.entries(KINDS).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));

/** Sends requests one after the other until the signal aborts; returns when the last one has ended. */
export async function runActor(run: Run, name: string, until: AbortSignal): Promise<void> {
  const random = run.random.fork(name);
  for (let count = 0; !until.aborted; count += 1) {
    await makeRequest(run, random, { kind: random.pick(LOTS), id: `${name}-${count}` });
    await sleep(random.between(20, 400), undefined, { signal: until }).catch(() => {});
  }
}

/** Makes one request and records how it ended. */
export async function makeRequest(
  { gateway, journal, provider, vault, tokens }: Run,
  random: Random,
  { kind, id }: { readonly kind: string; readonly id: string },
): Promise<void> {
  const { make, directive: further } = KINDS[kind]!;
  const text = {
    id,
    pieces: random.between(1, 20),
    pauseMs: random.between(0, 40),
    history: 1,
    with: 'text',
  } as const;
  const directive = { ...text, ...further };
  const token = random.pick(tokens);
  const startedMs = journal.nowMs();
  const signal = AbortSignal.timeout(LIMIT_MS);
  const verdict = await make({
    directive,
    origin: gateway.origin(),
    token,
    tokens,
    random,
    vault,
    signal,
  }).catch((error: unknown) => describeBreak(error, signal));
  const asked = [provider.take(`${id}-1`), provider.take(id)];
  journal.record({ id, kind, startedMs, endedMs: journal.nowMs(), asked, ...verdict });
}

/** Returns the verdict about a request whose connection failed. */
function describeBreak(error: unknown, { aborted }: AbortSignal): Verdict {
  if (aborted) return { outcome: 'hung' };
  const { code = 'none', message } = error as NodeJS.ErrnoException;
  const isUnreachable = code === 'ECONNREFUSED' || code === CROSSED;
  return { outcome: isUnreachable ? 'unreachable' : 'cut', detail: `${code} ${message}` };
}
