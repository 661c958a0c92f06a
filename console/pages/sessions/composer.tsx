import { useState } from 'preact/hooks';
import { request } from '../../api/request.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction, type Action } from '../../parts/use-action.ts';
import type { TranscriptView } from './transcript.ts';
import { leadToEnd } from './use-followed-end.ts';

type Mode = 'queue' | 'reject' | 'steer';

/** Sends messages: as a turn of their own, as a part of the one that runs, or after it. */
export function Composer({ sessionId, view }: { readonly sessionId: string; readonly view: TranscriptView }) {
  const [text, setText] = useState('');
  const [isPlan, setPlan] = useState(false);
  const isBusy = view.status === 'running' || view.status === 'queued';
  const send = useAction(async (mode: Mode) => {
    const body = { message: text, mode, ...(isPlan && !isBusy && { plan: true }) };
    await request(`chat/sessions/${sessionId}/messages`, { method: 'POST', body });
    setText('');
    leadToEnd();
  });
  const isEmpty = text.trim() === '';
  const sendAsUsual = () => {
    if (!isEmpty && !send.busy) void send.run(isBusy ? 'steer' : 'reject');
  };
  return (
    <form
      class="sessions-composer"
      onSubmit={(event) => {
        event.preventDefault();
        sendAsUsual();
      }}
    >
      <textarea
        aria-label="Message"
        rows={2}
        placeholder={isBusy ? 'Tell the agent something while it works' : 'Message to the agent'}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => onFieldKey(event, sendAsUsual)}
      />
      {isBusy ? (
        <BusyButtons sessionId={sessionId} send={send} isEmpty={isEmpty} />
      ) : (
        <div class="row">
          <Button type="submit" busy={send.busy} disabled={isEmpty}>
            Send
          </Button>
          <label class="sessions-plan-only">
            <input
              type="checkbox"
              checked={isPlan}
              onChange={(event) => setPlan(event.currentTarget.checked)}
            />{' '}
            Only make a plan
          </label>
        </div>
      )}
      {send.problem !== '' && <Notice kind="error">{send.problem}</Notice>}
    </form>
  );
}

/** Sends by Enter; Shift and Enter begin a new line, and Escape leaves the field. */
function onFieldKey(event: KeyboardEvent, send: () => void): void {
  if (event.key === 'Escape') (event.target as HTMLElement).blur();
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
}

interface BusyButtonsProps {
  readonly sessionId: string;
  readonly send: Action<[Mode]>;
  readonly isEmpty: boolean;
}

/** Shows what can be done while a turn runs or waits. */
function BusyButtons({ sessionId, send, isEmpty }: BusyButtonsProps) {
  const stop = useAction(
    async () => await request(`chat/sessions/${sessionId}/interrupt`, { method: 'POST', body: {} }),
  );
  return (
    <>
      <div class="row">
        <Button type="submit" busy={send.busy} disabled={isEmpty}>
          Add to this turn
        </Button>
        <Button kind="quiet" disabled={isEmpty} busy={send.busy} onClick={() => void send.run('queue')}>
          Send after it
        </Button>
        <span class="grow" />
        <Button kind="danger" busy={stop.busy} onClick={() => void stop.run()}>
          Stop
        </Button>
      </div>
      {stop.problem !== '' && <Notice kind="error">{stop.problem}</Notice>}
    </>
  );
}
