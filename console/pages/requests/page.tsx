import { useState } from 'preact/hooks';
import type { RequestPage } from '../../../src/console/contract/requests.ts';
import type { PageProps } from '../../app/pages.ts';
import { changeQuery, goTo, route } from '../../app/route.ts';
import { formatCount } from '../../format/format-number.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { readFilter, writeFilter } from './filter.ts';
import { Filters } from './filters.tsx';
import { RequestTable } from './request-table.tsx';
import { RequestDetail } from './request-detail.tsx';
import { useRequests } from './use-requests.ts';
import './requests.css';

/** Lists the latest requests as they come. */
export function Page({ detail }: PageProps) {
  // In the address, so that a page that is loaded again shows the same.
  const filter = readFilter(route.value.query);
  const [isPaused, setPaused] = useState(false);
  const { page, problem, leftOut, reload, loadMore } = useRequests(filter, isPaused);
  function toggle(): void {
    if (isPaused) void reload();
    setPaused(!isPaused);
  }
  if (problem !== '' && page === undefined) return <Notice kind="error">{problem}</Notice>;
  if (page === undefined) return <p class="muted">Loading…</p>;
  // An address can lead to a request that is not in the list.
  const isElsewhere = detail !== '' && !page.requests.some(({ number }) => String(number) === detail);
  return (
    <>
      <Filters
        filter={filter}
        models={page.models}
        keys={page.keys}
        onChange={(changed) => changeQuery(writeFilter(changed))}
      />
      <ListState
        page={page}
        leftOut={leftOut}
        isPaused={isPaused}
        onShow={() => void reload()}
        onToggle={toggle}
      />
      {page.keeps_bodies && (
        <Notice kind="info">
          The bodies of requests and answers are held in memory and shown here, with all that people have
          written, since <code>requestLog.bodies</code> is on in the config file.
        </Notice>
      )}
      {isElsewhere && <Elsewhere number={Number(detail)} />}
      <RequestTable requests={page.requests} opened={detail} />
      {page.requests.length < page.matching && (
        <Button kind="quiet" onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
    </>
  );
}

interface LeftOutProps {
  readonly count: number;
  readonly isPaused: boolean;
}

function LeftOut({ count, isPaused }: LeftOutProps) {
  const requests = count === 1 ? '1 new request' : `${formatCount(count)} new requests`;
  return <>{isPaused ? requests : `${requests} came too fast to show each`}</>;
}

interface ListStateProps {
  readonly page: RequestPage;
  readonly leftOut: number;
  readonly isPaused: boolean;
  onShow(): void;
  onToggle(): void;
}

/** Says how many requests there are, and lets a person stop the list from moving. */
function ListState({ page, leftOut, isPaused, onShow, onToggle }: ListStateProps) {
  return (
    <div class="row requests-state">
      <span>
        {formatCount(page.matching)} of {formatCount(page.held)} requests
      </span>
      <span class="grow" />
      <span role="status">{leftOut > 0 && <LeftOut count={leftOut} isPaused={isPaused} />}</span>
      {leftOut > 0 && (
        <Button kind="quiet" onClick={onShow}>
          Show them
        </Button>
      )}
      <Button kind="quiet" onClick={onToggle}>
        {isPaused ? 'Continue' : 'Pause'}
      </Button>
    </div>
  );
}

/** Shows a request to which the address leads, and which is not in the list. */
function Elsewhere({ number }: { readonly number: number }) {
  return (
    <div class="card">
      <h2>A request outside this list</h2>
      <RequestDetail number={number} />
      <Button kind="quiet" onClick={() => goTo('requests', '', route.value.query)}>
        Close
      </Button>
    </div>
  );
}
