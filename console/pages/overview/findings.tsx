import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { Checks } from '../../../src/console/contract/checks.ts';
import { connection } from '../../api/events.ts';
import { request } from '../../api/request.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Words } from '../../parts/words.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import { summarizeChecks } from './summarize-checks.ts';

const WORDS = { good: 'ok', note: 'note', bad: 'problem' } as const;
const KINDS = { good: 'good', note: 'warning', bad: 'bad' } as const;

/** Shows what `doctor` finds: what is wrong and what to do in full, the rest on demand. */
export function Findings() {
  const { value: checks, problem, set } = useLoaded<Checks>('console/checks');
  const again = useAction(async () => set(await request<Checks>('console/checks?again=true')));
  const [isOpen, setOpen] = useState(false);
  const failed = problem === '' ? again.problem : problem;
  const wrong = checks?.findings.filter(({ state }) => state !== 'good') ?? [];
  return (
    <section aria-label="Checks">
      <h2>Checks</h2>
      {failed !== '' && <Notice kind="error">{failed}</Notice>}
      {wrong.map(({ subject, state, text }) => (
        <div key={subject} class={`notice ${state === 'bad' ? 'error' : 'warning'}`}>
          <strong>{subject}: </strong>
          <Words text={text} />
        </div>
      ))}
      <p role="status">{summarizeChecks(checks, connection.value !== 'lost')}</p>
      <div class="overview-actions">
        <Button kind="quiet" busy={again.busy} onClick={() => void again.run()}>
          Check again
        </Button>
        <Button
          kind="quiet"
          disabled={checks === undefined}
          expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide all checks' : 'Show all checks'}
        </Button>
      </div>
      {isOpen && checks && (
        <dl class="facts">
          {checks.findings.map(({ subject, state, text }) => (
            <Fragment key={subject}>
              <dt>
                {subject} <Badge kind={KINDS[state]}>{WORDS[state]}</Badge>
              </dt>
              <dd>
                <Words text={text} />
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </section>
  );
}
