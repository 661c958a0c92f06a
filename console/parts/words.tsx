/** Shows a sentence of the gateway, in which words in backticks are code. */
export function Words({ text }: { readonly text: string }) {
  return (
    <>{text.split('`').map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}</>
  );
}
