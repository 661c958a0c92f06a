import type { RequestDetail } from '../../../src/console/contract/requests.ts';
import { formatDuration } from '../../format/format-time.ts';
import { phasesOf } from './phases.ts';

/** Shows when what happened to a request: its phases as a bar, and its moments in words. */
export function Timeline({ detail }: { readonly detail: RequestDetail }) {
  const phases = phasesOf(detail);
  const { steps, total_ms: total } = detail;
  return (
    <>
      {phases.length > 0 && (
        <>
          <div class="requests-bar" aria-hidden="true">
            {phases.map(({ name, ms }) => (
              <span key={name} class={`requests-phase ${name}`} style={{ flexGrow: ms }} />
            ))}
          </div>
          <ul class="requests-phases" aria-label="Phases">
            {phases.map(({ name, title, ms }) => (
              <li key={name}>
                <span class={`requests-mark ${name}`} /> {title} <b>{formatDuration(ms)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      <ol class="requests-steps" aria-label="Timeline">
        <Step ms={0} text={`${detail.method === 'WS' ? 'The message' : 'The request'} arrived`} />
        {steps.map(({ ms, text }, place) => (
          <Step key={place} ms={ms} text={text} />
        ))}
        {total !== null && <Step ms={total} text={describeEnd(detail)} />}
      </ol>
    </>
  );
}

function Step({ ms, text }: { readonly ms: number; readonly text: string }) {
  return (
    <li>
      <span class="muted">{formatDuration(ms)}</span>
      <span>{text}</span>
    </li>
  );
}

function describeEnd({ outcome, status, background }: RequestDetail): string {
  if (outcome === 'ok')
    return background ? 'The response in the background ended' : 'The answer was complete';
  if (outcome === 'client_gone') return 'The client closed the connection';
  return status === null ? 'The answer ended with an error' : `The answer ended with the status ${status}`;
}
