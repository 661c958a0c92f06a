import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';

interface FormEndProps {
  onCancel(): void;
  /** The buttons that do something. */
  readonly children: ComponentChildren;
}

/** Shows the buttons at the end of a form or dialog, with one that cancels it after the others. */
export function FormEnd({ onCancel, children }: FormEndProps) {
  return (
    <div class="row">
      {children}
      <Button kind="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
