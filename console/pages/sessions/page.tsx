/** Shows the page 'Sessions'. */
export function Page() {
  return <p>Not built yet.</p>;
}
