import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

const STORED = 'codex-gateway.answer-keys';

/** True if the keys `a` and `d` answer. Some people speak to their computer, or lean on keys. */
export const answersByKey = signal(localStorage.getItem(STORED) !== 'off');

export function setAnswersByKey(isOn: boolean): void {
  answersByKey.value = isOn;
  localStorage.setItem(STORED, isOn ? 'on' : 'off');
}

/** Milliseconds after an answer in which a key does nothing: it was meant for what was shown before. */
const PAUSE_MS = 700;

/** Time until which keys answer nothing. */
let heldUntil = -Infinity;

/** Lets the next keys pass: they were meant for the field that has just lost the focus. */
export function holdAnswerKeys(): void {
  heldUntil = performance.now() + PAUSE_MS;
}

/** Calls `answer` when somebody presses `a` or `d` outside of a field. */
export function useAnswerKeys(requestId: string, answer: (decision: 'allow' | 'deny') => void): void {
  const lastAt = useRef(-Infinity);
  const current = useRef(answer);
  current.current = answer;
  // The keys answer from the moment in which the question is shown.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const decision = decisionOf(event);
      const isHeld = event.timeStamp < heldUntil || event.timeStamp - lastAt.current < PAUSE_MS;
      if (decision === undefined || isHeld) return;
      event.preventDefault();
      lastAt.current = event.timeStamp;
      current.current(decision);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [requestId]);
}

function decisionOf(event: KeyboardEvent): 'allow' | 'deny' | undefined {
  if (!answersByKey.value || event.repeat || isElsewhere(event)) return undefined;
  if (event.key === 'a') return 'allow';
  return event.key === 'd' ? 'deny' : undefined;
}

/** Returns true for a key that belongs to a field, a dialog or the browser. */
function isElsewhere({ altKey, ctrlKey, metaKey, target }: KeyboardEvent): boolean {
  const isField = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
  return altKey || ctrlKey || metaKey || isField || document.querySelector('dialog[open]') !== null;
}
