/** No training data is nested deeper; JSON.stringify and other functions that call themselves fit it on the stack. */
export const MAX_DEPTH = 1000;

/** Whether objects and lists lie deeper in each other than that. */
export function isTooDeep(value: unknown, left: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (left === 0) return true;
  for (const member of Object.values(value)) if (isTooDeep(member, left - 1)) return true;
  return false;
}
