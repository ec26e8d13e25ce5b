// Default name of a batch job, in the form of Flink's "Flink Java Job at Thu Dec 26 12:59:55 KST 2019".

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param submittedAtMs epoch ms, the same for driver and slots; undefined: the name goes without a date */
export function defaultBatchJobName(submittedAtMs: number | undefined): string {
  return submittedAtMs === undefined ? 'Yeoul Batch Job' : `Yeoul Batch Job at ${formatDate(new Date(submittedAtMs))}`;
}

/** As java.util.Date prints it, in UTC. */
function formatDate(date: Date): string {
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  const day = `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${twoDigits(date.getUTCDate())}`;
  return `${day} ${time} UTC ${date.getUTCFullYear()}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
