/** The time zone of this process: its long English name, and its offset from UTC at a time. */
export function timeZoneAt(atMs: number): { readonly name: string; readonly offsetMs: number } {
  const date = new Date(atMs);
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'long' }).formatToParts(date);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'Coordinated Universal Time';
  return { name, offsetMs: date.getTimezoneOffset() * -60_000 };
}
