/** Shows the page 'Playground'. */
export function Page() {
  return <p>Not built yet.</p>;
}
