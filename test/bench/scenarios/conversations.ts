import type { ClientApi, ClientName } from '../processes/client-process.ts';
import type { Remote } from '../processes/remote.ts';
import { median } from '../report/statistics.ts';
import type { AnswerKind } from '../upstream/answers.ts';
import type { Side } from '../upstream/scripted-upstream.ts';
import type { UpstreamCounts } from '../upstream/tally.ts';
import type { ConversationOptions } from '../workloads/conversation.ts';
import { alternate, type Bench, type Scenario } from './scenario.ts';

type Shape = Omit<ConversationOptions, 'usesPrevious'> & {
  readonly title: string;
  readonly answer: AnswerKind;
  /** Limit of the first text of later turns, as a ratio. */
  readonly limit: number;
};

/** Ten turns in words. */
export const CONVERSATION = conversation('conversation', {
  title: 'conversation',
  turns: 10,
  prompt: { type: 'hello' },
  hasTools: false,
  answer: { type: 'text', deltas: 20 },
  limit: 0.75,
});

/** Ten turns in words after a history of 1 MB. */
export const LONG_CONVERSATION = conversation('long-conversation', {
  title: '1 MB conversation',
  turns: 5,
  prompt: { type: 'history', bytes: 1_000_000 },
  hasTools: false,
  answer: { type: 'text', deltas: 20 },
  limit: 0.6,
});

/** Ten calls of a tool and an answer in words. */
export const LOOP = conversation('loop', {
  title: 'tool loop',
  turns: 11,
  prompt: { type: 'hello' },
  hasTools: true,
  answer: { type: 'call' },
  limit: 0.6,
});

interface Measured {
  readonly firstMs: readonly number[];
  readonly counts: UpstreamCounts;
}

function conversation(name: string, shape: Shape): Scenario {
  return { name, run: (bench) => compareConversations(bench, shape) };
}

async function compareConversations(bench: Bench, { title, answer, limit, ...shape }: Shape): Promise<void> {
  const { upstream, http, bare } = await bench.sides();
  await upstream.call('use', answer);
  const run = async (remote: Remote<ClientApi>, client: ClientName): Promise<Measured> => {
    const usesPrevious = client === 'responses';
    const side: Side = client === 'bare' ? 'bare' : 'gateway';
    await upstream.call('take', side);
    const firstMs = await remote.call('runConversation', { client, ...shape, usesPrevious });
    return { firstMs, counts: await upstream.call('take', side) };
  };
  const measured = await alternate<Record<ClientName, Measured>>(title, bench.rounds, {
    chat: () => run(http, 'chat'),
    bare: () => run(bare, 'bare'),
    responses: () => run(http, 'responses'),
  });
  for (const api of ['chat', 'responses'] as const) {
    reportApi(bench, `${title}, ${api}`, { gateway: measured[api], bare: measured.bare, limit });
  }
}

interface Comparison {
  readonly gateway: readonly Measured[];
  readonly bare: readonly Measured[];
  readonly limit: number;
}

function reportApi(bench: Bench, title: string, { gateway, bare, limit }: Comparison): void {
  bench.report({
    name: `${title}: first text, first turn`,
    unit: 'ms',
    gateway: gateway.map(({ firstMs }) => firstMs.slice(0, 1)),
    bare: bare.map(({ firstMs }) => firstMs.slice(0, 1)),
  });
  bench.report({
    name: `${title}: first text, later turns`,
    unit: 'ms',
    gateway: gateway.map(({ firstMs }) => firstMs.slice(1)),
    bare: bare.map(({ firstMs }) => firstMs.slice(1)),
    target: { of: 'ratio', atMost: limit },
  });
  bench.note(`${title}: first text of each turn: gateway ${byTurn(gateway)} ms, bare ${byTurn(bare)} ms`);
  bench.report({
    name: `${title}: sent upstream`,
    unit: 'kB',
    gateway: gateway.map(({ counts }) => [counts.bytes / 1_000]),
    bare: bare.map(({ counts }) => [counts.bytes / 1_000]),
  });
  bench.report({
    name: `${title}: prompt cache keys`,
    unit: 'keys',
    gateway: gateway.map(({ counts }) => [counts.cacheKeys]),
    bare: bare.map(({ counts }) => [counts.cacheKeys]),
    target: { of: 'value', atMost: 1 },
  });
}

/** Returns the median of each turn. */
function byTurn(conversations: readonly Measured[]): string {
  const [{ firstMs }] = conversations as [Measured, ...Measured[]];
  return firstMs
    .map((_, turn) => median(conversations.map((one) => one.firstMs[turn]!)).toFixed(0))
    .join(' ');
}
