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
  function keep(event: Event): void {
    if (isKept && (!(event instanceof KeyboardEvent) || event.key === 'Escape')) event.preventDefault();
  }
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      onCancel={keep}
      onKeyDown={keep}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
