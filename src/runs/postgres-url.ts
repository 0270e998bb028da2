/** Whether a run's place is a PostgreSQL database and not a directory. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(ql)?:/i.test(place);
}
