const SECRET = /secret|password|token|credential|private/i;

/** The configuration as texts for people to read; what looks like a secret is not shown. */
export function shownConfiguration(configuration: unknown): Readonly<Record<string, string>> {
  if (typeof configuration !== 'object' || configuration === null) {
    return {};
  }
  const entries = Object.entries(configuration).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [name, SECRET.test(name) ? '******' : text];
  });
  return Object.fromEntries(entries);
}
