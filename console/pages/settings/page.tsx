/** Shows the page 'Settings'. */
export function Page() {
  return <p>Not built yet.</p>;
}
