import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  onClose(): void;
  /** True for one that shows what is shown only once: Escape leaves it open. */
  readonly isKept?: boolean;
  readonly children: ComponentChildren;
}

/** Shows a dialog above the page, which keeps the focus until it is closed. Escape closes it, unless it is kept. */
export function Dialog({ title, onClose, isKept = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  function close(): void {
    // A browser that does not know `closedby` closes it at the second Escape, whatever the page says to that.
    if (isKept) element.current?.showModal();
    else onClose();
  }
  return (
    <dialog
      ref={element}
      class="dialog"
      closedby={isKept ? 'none' : 'closerequest'}
      aria-labelledby={id}
      onClose={close}
      onCancel={(event) => isKept && event.preventDefault()}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
