/** Shows the page 'Set up a client'. */
export function Page() {
  return <p>Not built yet.</p>;
}
