/** Shows the page 'Models'. */
export function Page() {
  return <p>Not built yet.</p>;
}
