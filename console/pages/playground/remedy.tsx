import { useEffect, useState } from 'preact/hooks';
import type { RequestDetail } from '../../../src/console/contract/requests.ts';
import { onEvent } from '../../api/events.ts';
import { request } from '../../api/request.ts';
import { Words } from '../../parts/words.tsx';
import { findRequest } from './find-request.ts';

/** Says what to do about a request that has failed, as the page Requests does. */
export function Remedy({ requestId }: { readonly requestId: string }) {
  const [remedy, setRemedy] = useState<string | null>(null);
  useEffect(() => {
    const show = () =>
      void readRemedy(requestId).then(
        // Nothing is known yet of a request that has not quite ended.
        (found) => found !== null && setRemedy(found),
        () => undefined,
      );
    show();
    return onEvent('request', ({ requests }) => {
      if (requests.some(({ id, is_running: isRunning }) => id === requestId && !isRunning)) show();
    });
  }, [requestId]);
  if (remedy === null) return null;
  return (
    <p>
      <b>What to do:</b> <Words text={remedy} />
    </p>
  );
}

async function readRemedy(requestId: string): Promise<string | null> {
  const row = await findRequest(requestId);
  if (row === undefined || row.is_running) return null;
  const { error } = await request<RequestDetail>(`console/requests/${row.number}`);
  return error?.remedy ?? null;
}
