import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly text: string;
  /** Name for screen readers, such as `curl`. */
  readonly label: string;
}

/** Shows lines of code with a button to copy them. */
export function CodeBlock({ text, label }: CodeBlockProps) {
  return (
    <div class="code-block">
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} />
    </div>
  );
}
