/** Shows the page 'Requests'. */
export function Page() {
  return <p>Not built yet.</p>;
}
