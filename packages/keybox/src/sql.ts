/** As many question marks as there are values, for a list of them in a query. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
