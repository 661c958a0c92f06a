import { useState } from 'preact/hooks';
import type { ClientTrial } from '../../../src/console/contract/clients.ts';
import { request } from '../../api/request.ts';
import { mayChange } from '../../app/session.ts';
import { formatDuration } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';

interface TryItProps {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  /** A key that was just made. */
  readonly keyToken: string | undefined;
}

/** Sends one request as a client would, and shows what comes back. */
export function TryIt({ id, title, model, keyToken }: TryItProps) {
  const [trial, setTrial] = useState<ClientTrial>();
  const send = useAction(async () => {
    setTrial(undefined);
    const body = { client: id, model, ...(keyToken !== undefined && { key: keyToken }) };
    setTrial(await request<ClientTrial>('console/clients/trial', { method: 'POST', body }));
  });
  if (!mayChange()) return <p>This browser is signed in to look only and sends no requests.</p>;
  return (
    <>
      <p>
        Sends "Hello" to {model} as {title} would,{' '}
        {keyToken === undefined ? 'as this browser' : 'with the new key'}. It counts toward your limits like
        any other request.
      </p>
      <Button kind="quiet" busy={send.busy} onClick={() => void send.run()}>
        {send.busy ? 'Waiting for the answer…' : 'Test it'}
      </Button>
      {send.problem !== '' && <Notice kind="error">{send.problem}</Notice>}
      <div class="clients-trial" role="status">
        {trial !== undefined && <Result trial={trial} />}
      </div>
    </>
  );
}

function Result({ trial }: { readonly trial: ClientTrial }) {
  const { status, error, text, ms } = trial;
  const isGood = error === null && status === 200;
  return (
    <>
      <p class="row">
        <Badge kind={isGood ? 'good' : 'bad'}>{isGood ? 'It works' : 'It fails'}</Badge>
        {status > 0 && (
          <span>
            {status} after {formatDuration(ms)}
          </span>
        )}
      </p>
      {error !== null && (
        <Notice kind="error">
          {error.message}
          {error.code !== null && (
            <>
              {' '}
              <code>{error.code}</code>
            </>
          )}
        </Notice>
      )}
      {text !== '' && <blockquote class="clients-answer">{text}</blockquote>}
      <Facts trial={trial} />
    </>
  );
}

function Facts({
  trial: { request: line, user_agent: agent, sent_as: sentAs, ignored },
}: {
  readonly trial: ClientTrial;
}) {
  return (
    <dl class="facts">
      <dt>Request</dt>
      <dd>
        <code>{line}</code>
      </dd>
      <dt>Client</dt>
      <dd>{agent}</dd>
      <dt>Key</dt>
      <dd>{sentAs === 'key' ? 'the new key' : 'that of this browser'}</dd>
      {ignored !== '' && (
        <>
          <dt>Ignored</dt>
          <dd>{ignored}</dd>
        </>
      )}
    </dl>
  );
}
