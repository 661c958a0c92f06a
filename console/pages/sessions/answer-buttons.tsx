import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { Button } from '../../parts/button.tsx';
import { answersByKey, setAnswersByKey, useAnswerKeys } from './answer-keys.ts';

export type Decision = 'allow' | 'allow_session' | 'cancel' | 'deny';

interface AnswerButtonsProps {
  readonly approval: Approval;
  readonly busy: boolean;
  /** False as long as a question has no answer. */
  readonly canAllow: boolean;
  onAnswer(decision: Decision): void;
}

/** Shows the possible answers to a request. `a` and `d` answer as well. */
export function AnswerButtons({ approval, busy, canAllow, onAnswer }: AnswerButtonsProps) {
  const { kind, once, request_id: id } = approval;
  useAnswerKeys(id, (decision) => {
    if (!busy && (canAllow || decision === 'deny')) onAnswer(decision);
  });
  const isQuestion = kind === 'question';
  return (
    <footer class="sessions-answers">
      <div class="row">
        <Button busy={busy} disabled={!canAllow} onClick={() => onAnswer('allow')}>
          {isQuestion ? 'Answer' : 'Allow'} <Key name="a" />
        </Button>
        <Button kind="danger" busy={busy} onClick={() => onAnswer('deny')}>
          Decline <Key name="d" />
        </Button>
        <span class="grow" />
        {once !== true && !isQuestion && (
          <Button kind="quiet" busy={busy} onClick={() => onAnswer('allow_session')}>
            Allow for this session
          </Button>
        )}
        <Button kind="quiet" busy={busy} onClick={() => onAnswer('cancel')}>
          Decline and stop
        </Button>
      </div>
      <label class="sessions-keys">
        <input
          type="checkbox"
          checked={answersByKey.value}
          onChange={(event) => setAnswersByKey(event.currentTarget.checked)}
        />{' '}
        The keys a and d answer, outside of fields
      </label>
    </footer>
  );
}

function Key({ name }: { readonly name: string }) {
  return answersByKey.value ? <kbd aria-hidden="true">{name}</kbd> : null;
}
