/** Shows a sentence whose names and values are in backticks. */
export function Meaning({ text }: { readonly text: string }) {
  const parts = text.split(/`([^`]*)`/);
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>;
}
