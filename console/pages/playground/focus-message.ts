/** Moves the focus to the message that is being written, when what had it is gone. */
export function focusMessage(): void {
  document.querySelector<HTMLElement>('.playground-composer textarea')?.focus();
}
