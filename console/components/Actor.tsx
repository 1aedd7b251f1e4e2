/** Who did it: people by their name, parts of the platform as such. */
export function Actor({ actor }: { readonly actor: string }) {
  const [kind, name] = actor.split(':', 2);
  if (name === undefined) return <>{actor}</>;
  return (
    <span title={actor}>
      {kind === 'user' ? (
        name
      ) : (
        <span className="muted">{kind === 'system' ? `platform (${name})` : `${kind} ${name}`}</span>
      )}
    </span>
  );
}
