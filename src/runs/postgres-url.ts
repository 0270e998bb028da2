/** Whether a run's place is a PostgreSQL database and not a directory. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(ql)?:/i.test(place);
}

/** Where a run is, for people: without a password. */
export function placeName(place: string): string {
  if (!isPostgresUrl(place) || !URL.canParse(place)) return place;
  const url = new URL(place);
  url.password = '';
  return url.href;
}
