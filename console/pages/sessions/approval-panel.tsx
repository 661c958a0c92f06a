import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Approval } from '../../../src/sessions/events/shapes.ts';
import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import { request } from '../../api/request.ts';
import { formatClock } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { holdAnswerKeys } from './answer-keys.ts';
import { AnswerButtons, type Decision } from './answer-buttons.tsx';
import { ApprovalSubject, headlineOf } from './approval-subject.tsx';
import { QuestionForm, readQuestions, type Answers } from './question-form.tsx';

interface ApprovalPanelProps {
  readonly session: SessionBody;
  readonly approvals: readonly Approval[];
  readonly mayChange: boolean;
}

/** Shows the oldest request that waits for a decision, above everything else. */
export function ApprovalPanel({ session, approvals, mayChange }: ApprovalPanelProps) {
  const [first] = approvals;
  return (
    <>
      <p class="visually-hidden" role="alert">
        {first === undefined ? '' : `The agent waits for you. ${headlineOf(first)}`}
      </p>
      {first !== undefined && (
        <Panel
          key={first.request_id}
          approval={first}
          count={approvals.length}
          sessionId={session.id}
          mayChange={mayChange}
        />
      )}
    </>
  );
}

interface PanelProps {
  readonly approval: Approval;
  /** Number of requests that wait. */
  readonly count: number;
  readonly sessionId: string;
  readonly mayChange: boolean;
}

function Panel({ approval, count, sessionId, mayChange }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  useFocusFromComposer(panel);
  const questions = readQuestions(approval);
  const [answers, setAnswers] = useState<Answers>({});
  const answer = useAction(async (decision: Decision) => {
    const given = decision === 'allow' || decision === 'allow_session' ? answersFor(approval, answers) : {};
    const body = { request_id: approval.request_id, decision, ...given };
    await request(`chat/sessions/${sessionId}/approvals`, { method: 'POST', body });
  });
  const isAnswered = questions.every(({ id, isOptional }) => isOptional || isGiven(answers[id]));
  return (
    <section ref={panel} class="sessions-approval" aria-label="Waits for your decision" tabIndex={-1}>
      <header>
        <h3>{headlineOf(approval)}</h3>
        <p class="sessions-facts">
          <Badge kind="warning">waits for you</Badge>
          {approval.unsandboxed === true && <Badge kind="bad">outside of the sandbox</Badge>}
          {count > 1 && <span class="muted">the first of {count}</span>}
          <span class="muted">declined at {formatClock(approval.expires_at)} if nobody answers</span>
        </p>
      </header>
      <div class="sessions-subject" tabIndex={0} role="region" aria-label="What is asked for">
        <ApprovalSubject approval={approval} />
        {questions.length > 0 && (
          <QuestionForm questions={questions} answers={answers} onChange={setAnswers} />
        )}
      </div>
      {answer.problem !== '' && <Notice kind="error">{answer.problem}</Notice>}
      {mayChange ? (
        <AnswerButtons
          approval={approval}
          busy={answer.busy}
          canAllow={isAnswered}
          onAnswer={(decision) => void answer.run(decision)}
        />
      ) : (
        <p class="muted">This browser may only look, so it cannot decide.</p>
      )}
    </section>
  );
}

/** Takes the focus from a message field in which nothing is written, so that the keys answer, and gives it back at the end. */
function useFocusFromComposer(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const field = document.activeElement;
    if (!(field instanceof HTMLTextAreaElement) || field.value !== '' || !field.closest('.sessions-composer'))
      return;
    panel.current?.focus({ preventScroll: true });
    holdAnswerKeys();
    return () => field.focus({ preventScroll: true });
  }, [panel]);
}

function isGiven(value: Answers[string] | undefined): boolean {
  return value !== undefined && value !== '';
}

function answersFor({ kind }: Approval, answers: Answers): object {
  if (Object.keys(answers).length === 0) return {};
  if (kind !== 'question') return { content: answers };
  return { answers: Object.fromEntries(Object.entries(answers).map(([id, value]) => [id, String(value)])) };
}
