import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly kind?: 'primary' | 'quiet' | 'danger';
  /** True while what it does is under way: it cannot be pressed again. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** `submit` sends the form that it is in. */
  readonly type?: 'button' | 'submit';
  /** Name for screen readers, where the content alone does not say what it does. */
  readonly label?: string;
  /** True while what it opens is open; only for a button that opens and closes something. */
  readonly expanded?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const {
    kind = 'primary',
    busy = false,
    disabled = false,
    type = 'button',
    label,
    expanded,
    onClick,
    children,
  } = props;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={disabled || busy}
      aria-busy={busy}
      aria-label={label}
      aria-expanded={expanded}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
