import { useEffect } from 'preact/hooks';
import type { Overview } from '../../../src/console/contract/overview.ts';
import { connection, onEvent } from '../../api/events.ts';
import { linkTo } from '../../app/route.ts';
import { session } from '../../app/session.ts';
import { formatBytes, formatCount } from '../../format/format-number.ts';
import { formatMoment } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Words } from '../../parts/words.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { CopilotQuotas } from './copilot-quotas.tsx';
import { Charts } from './charts.tsx';
import { Findings } from './findings.tsx';
import { Limits } from './limits.tsx';
import './overview.css';

/** Shows if the gateway is up, who it is signed in as, what is left of the limits, and what was asked lately. */
export function Page() {
  const { value: overview, problem, set } = useLoaded<Overview>('console/overview');
  useEffect(() => onEvent('overview', set), [set]);
  return (
    <>
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      {overview === undefined ? (
        problem === '' && <p class="muted">Loading…</p>
      ) : (
        <State overview={overview} />
      )}
      <Charts />
      <Findings />
    </>
  );
}

function State({ overview }: { readonly overview: Overview }) {
  const { turns, last_hour: hour, unready } = overview;
  return (
    <>
      {unready.map((reason) => (
        <Notice key={reason} kind="warning">
          <Words text={REASONS[reason] ?? `Requests fail at the moment: ${reason}.`} />
        </Notice>
      ))}
      {connection.value === 'lost' && (
        <p class="muted">These figures are from before the connection was lost.</p>
      )}
      <div class="cards overview-figures">
        <Figure value={`${turns.running}`} what={turns.running === 1 ? 'turn running' : 'turns running'} />
        <Figure value={`${turns.waiting}`} what={turns.waiting === 1 ? 'turn waiting' : 'turns waiting'} />
        <Figure
          value={formatCount(hour.requests)}
          what={`${hour.requests === 1 ? 'request' : 'requests'} in the last hour`}
        />
        <Figure
          value={formatCount(hour.errors)}
          what={`${hour.errors === 1 ? 'error' : 'errors'} in the last hour`}
        />
      </div>
      <div class="cards">
        <section class="card" aria-label="Gateway">
          <h2>Gateway</h2>
          <GatewayFacts overview={overview} />
        </section>
        <section class="card" aria-label="Account">
          <h2>Account</h2>
          <AccountFacts overview={overview} />
          <Limits overview={overview} />
          {overview.copilot_account !== null && <CopilotQuotas account={overview.copilot_account} />}
        </section>
      </div>
    </>
  );
}

/** Sentences about what keeps requests from being answered. */
const REASONS: Readonly<Record<string, string>> = {
  codex: 'Codex does not run at the moment. The gateway starts it again by itself.',
  login: 'Nobody is signed in: run `codex-gateway login` in a terminal.',
  store: 'Responses cannot be stored at the moment: check the free space and the state folder.',
  draining: 'The gateway is stopping.',
  starting: 'The gateway is starting.',
};

function Figure({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <div class="card stat">
      <span class="stat-value">{value}</span>
      <span class="muted">{what}</span>
    </div>
  );
}

function GatewayFacts({ overview }: { readonly overview: Overview }) {
  const { version, codex, since, provider, model, memory, unready, child_ends: ends } = overview;
  return (
    <dl class="facts">
      <dt>Gateway</dt>
      <dd>
        {version}, since {formatMoment(since)}, {formatBytes(memory.gateway)}
      </dd>
      <dt>Codex</dt>
      <dd>
        {codex} <CodexState isUp={!unready.includes('codex')} />, {formatBytes(memory.child)}
      </dd>
      {ends.last !== null && (
        <>
          <dt>Unexpected ends</dt>
          <dd>
            {ends.count}, the last {formatMoment(ends.last.at)} ({ends.last.by})
          </dd>
        </>
      )}
      <dt>Provider</dt>
      <dd>{provider}</dd>
      <dt>Default model</dt>
      <dd>{model === '' ? 'none' : model}</dd>
      <OwnName />
    </dl>
  );
}

function CodexState({ isUp }: { readonly isUp: boolean }) {
  if (connection.value === 'lost') return <Badge>unknown</Badge>;
  return <Badge kind={isUp ? 'good' : 'bad'}>{isUp ? 'running' : 'not running'}</Badge>;
}

/** Says under which name this browser is listed beside the keys, in the log and at its requests. */
function OwnName() {
  const me = session.value;
  // A gateway without tokens lists no browsers.
  if (typeof me !== 'object' || me.scopes.length === 0) return null;
  return (
    <>
      <dt>This browser</dt>
      <dd>
        <a href={linkTo('keys')}>{me.name}</a>
      </dd>
    </>
  );
}

/** Words for the states of a login. */
const LOGINS: Readonly<Record<string, string>> = {
  'signed-out': 'nobody is signed in',
  'not-needed': 'the provider needs none',
  unknown: 'unknown',
};

const COPILOT: Readonly<Record<string, string>> = {
  'signed-in': 'signed in',
  'signed-out': 'not signed in; `codex-gateway copilot login` adds the models of a subscription',
  off: 'switched off in the config file',
};

function AccountFacts({ overview }: { readonly overview: Overview }) {
  const { account: codexAccount, plan, login, copilot, copilot_account: account } = overview;
  return (
    <dl class="facts">
      <dt>Codex</dt>
      <dd>
        {codexAccount ?? LOGINS[login] ?? login} {plan !== null && <Badge>{plan}</Badge>}
      </dd>
      <dt>GitHub Copilot</dt>
      <dd>
        {account === null ? <Words text={COPILOT[copilot] ?? copilot} /> : (account.user ?? 'signed in')}{' '}
        {account?.plan != null && <Badge>{account.plan}</Badge>}
      </dd>
    </dl>
  );
}
