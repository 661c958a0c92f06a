import type { ComponentChildren } from 'preact';

interface NoticeProps {
  readonly kind: 'info' | 'warning' | 'error';
  readonly children: ComponentChildren;
}

/** Shows a message above or between the parts of a page. Screen readers announce a warning and an error. */
export function Notice({ kind, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'info' ? 'note' : 'alert'}>
      {children}
    </div>
  );
}
