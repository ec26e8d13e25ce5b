// How Flink writes metric ids.

/** @see Apache Flink, MetricQueryService.replaceInvalidChars: ' ', '.', ':' and ',' become '_' */
export function toMetricName(name: string): string {
  return name.replace(/[ .:,]/g, '_');
}

/** "0.Flat_Map.numRecordsIn" */
export function subtaskMetricId(subtask: number, id: string): string {
  return `${subtask}.${id}`;
}

/** "Flat_Map.numRecordsIn" */
export function operatorMetricId(operatorName: string, metric: string): string {
  return `${toMetricName(operatorName)}.${metric}`;
}
