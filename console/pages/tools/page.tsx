/** Shows the page 'Tools'. */
export function Page() {
  return <p>Not built yet.</p>;
}
