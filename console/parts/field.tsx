import { cloneElement, isValidElement, type ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  /** A sentence about what belongs in it. */
  readonly hint?: string | undefined;
  /** A sentence that says what is wrong with it. */
  readonly problem?: string | undefined;
  /** The input. */
  readonly children: ComponentChildren;
}

/** Shows an input of a form with its label. Screen readers give hint and problem after the name, not as a part of it. */
export function Field({ label, hint, problem = '', children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, problem !== '' && `${id}-problem`].filter(Boolean);
  const names = {
    'aria-labelledby': `${id}-label`,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
  };
  return (
    <label class="field">
      <span class="field-label" id={`${id}-label`}>
        {label}
      </span>
      {isValidElement(children) ? cloneElement(children, names) : children}
      {hint !== undefined && (
        <small class="muted" id={`${id}-hint`}>
          {hint}
        </small>
      )}
      {problem !== '' && (
        <small class="field-problem" role="alert" id={`${id}-problem`}>
          {problem}
        </small>
      )}
    </label>
  );
}
