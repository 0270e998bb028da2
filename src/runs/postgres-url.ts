/** Whether a run's place is a PostgreSQL database and not a directory. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(ql)?:/i.test(place);
}

/** A run's place for people: a directory as it is, a URL without its password. */
export function displayedPlace(place: string): string {
  return isPostgresUrl(place) ? place.replace(/^(\w+:\/\/[^:@/?]*):.*@/, '$1@') : place;
}

/** The run that a URL names. Undefined if it names none. */
export function runInUrl(url: string): string | undefined {
  return (URL.canParse(url) && new URL(url).searchParams.get('run')) || undefined;
}
