import type { ComponentChildren } from 'preact';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly text: string;
  /** Takes the place of the text on the page: shorter, or in colors. */
  readonly shown?: ComponentChildren;
  /** True for a text without lines, which is shown whole. */
  readonly isWhole?: boolean;
  /** Name for screen readers, such as `curl`. */
  readonly label: string;
}

/** Shows lines of code with a button to copy them. */
export function CodeBlock({ text, shown = text, isWhole = false, label }: CodeBlockProps) {
  return (
    <div class={isWhole ? 'code-block whole' : 'code-block'}>
      <pre tabIndex={0} aria-label={label}>
        <code>{shown}</code>
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} />
    </div>
  );
}
