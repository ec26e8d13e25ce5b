// Keys of triggered operations as Flink 1.9 prints them in its refusals: class name and hash code.

/** @see Apache Flink 1.9, AsynchronousJobOperationKey */
export function describeJobOperationKey(jobId: string, triggerId: string): string {
  const hash = combine(combine(1, combine(1, hashOfId(triggerId))), hashOfId(jobId));
  return `org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey@${toHex(hash)}`;
}

/** @see Apache Flink 1.9, OperationKey */
export function describeOperationKey(triggerId: string): string {
  return `org.apache.flink.runtime.rest.handler.async.OperationKey@${toHex(combine(1, hashOfId(triggerId)))}`;
}

/** One step of java.util.Objects.hash. */
function combine(hash: number, next: number): number {
  return (Math.imul(31, hash) + next) | 0;
}

/** @see Apache Flink, AbstractID.hashCode: its four words, xor-ed */
function hashOfId(id: string): number {
  return [0, 8, 16, 24].reduce((hash, start) => hash ^ Number.parseInt(id.slice(start, start + 8), 16), 0) | 0;
}

function toHex(hash: number): string {
  return (hash >>> 0).toString(16);
}
