import type { ComponentChildren } from 'preact';

interface FieldProps {
  readonly label: string;
  /** A sentence about what belongs in it. */
  readonly hint?: string | undefined;
  /** A sentence that says what is wrong with it. */
  readonly problem?: string | undefined;
  /** The input. */
  readonly children: ComponentChildren;
}

/** Shows an input of a form with its label. */
export function Field({ label, hint, problem, children }: FieldProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint !== undefined && <small class="muted">{hint}</small>}
      {problem !== undefined && problem !== '' && (
        <small class="field-problem" role="alert">
          {problem}
        </small>
      )}
    </label>
  );
}
