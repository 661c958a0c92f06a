/** Moves the focus to the message that is being written, when what had it is gone. */
export function focusMessage(): void {
  document.querySelector<HTMLElement>('.playground-composer textarea')?.focus();
}

/** Moves the focus from a message that cannot be sent now to the result that is asked for, unless somebody writes one. */
export function focusResult(form: HTMLElement | null): void {
  const { activeElement } = document;
  const message = activeElement?.closest('.playground-composer')?.querySelector('textarea');
  const isFree = activeElement === document.body || message?.value === '';
  if (isFree) form?.querySelector('textarea')?.focus();
}
