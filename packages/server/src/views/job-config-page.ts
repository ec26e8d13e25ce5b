// How a job is executed, in Flink's words. Pure.
import type { jobEndpoints, ResponseOf } from '@yeoul/contract';
import type { JobDetailView } from '@yeoul/engine/runtime';
import { hideSecrets } from '../security/hide-secrets.ts';

type RestartStrategy = JobDetailView['execution']['restartStrategy'];

/** Batch plans carry no parallelism of their own. @see Apache Flink, ExecutionConfig.PARALLELISM_DEFAULT */
const DEFAULT_PARALLELISM = -1;

export function toJobConfigPage(job: JobDetailView): ResponseOf<typeof jobEndpoints.getJobConfig> {
  const { execution } = job;
  return {
    jid: job.jobId,
    name: job.name,
    'execution-config': {
      'execution-mode': execution.executionMode,
      'restart-strategy': describeRestartStrategy(execution.restartStrategy),
      'job-parallelism': job.type === 'BATCH' ? DEFAULT_PARALLELISM : execution.parallelism,
      'object-reuse-mode': execution.objectReuse,
      'user-config': hideSecrets(execution.globalJobParameters),
    },
  };
}

/** @see Apache Flink 1.9, RestartStrategies: getDescription of each configuration; later ones in the same manner */
function describeRestartStrategy(strategy: RestartStrategy): string {
  switch (strategy?.kind) {
    case undefined:
      return 'Cluster level default restart strategy';
    case 'none':
      return 'Restart deactivated.';
    case 'fixed-delay':
      return `Restart with fixed delay (${strategy.delayMs ?? 0} ms). #${strategy.attempts ?? 2 ** 31 - 1} restart attempts.`;
    case 'failure-rate':
      return `Failure rate restart with maximum of ${strategy.maxFailuresPerInterval} failures within interval ${strategy.failureRateIntervalMs} ms and fixed delay ${strategy.delayMs ?? 0} ms.`;
    case 'exponential-delay':
      return `Restart with exponential delay: starting at ${strategy.initialBackoffMs} ms, increasing by ${strategy.backoffMultiplier}, with maximum ${strategy.maxBackoffMs} ms.`;
  }
}
