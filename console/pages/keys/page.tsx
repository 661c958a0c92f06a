/** Shows the page 'Keys'. */
export function Page() {
  return <p>Not built yet.</p>;
}
