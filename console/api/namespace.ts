/** The namespace that the console shows: from the address, else the one that was chosen last; `default` always exists. */
const KEY = 'headwater-namespace';

/** One for the life of the page: another one is another page load, so that nothing of the old one stays in sight. */
export const namespace = chosen();

/** The address of a page in another namespace. */
export function inNamespace(name: string, path: string): string {
  return `${path}?namespace=${encodeURIComponent(name)}`;
}

function chosen(): string {
  const asked = new URLSearchParams(location.search).get('namespace');
  if (asked === null) return localStorage.getItem(KEY) ?? 'default';
  localStorage.setItem(KEY, asked);
  return asked;
}
