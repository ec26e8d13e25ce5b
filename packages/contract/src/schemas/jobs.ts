// One line per job, as lists show it.
import { Type } from 'typebox';
import { attemptTimes, EpochMs, Hex32, Int, JobStatus, JobType, Nullable, SchedulerType } from './common.ts';

export const JobLine = Type.Object({
  jid: Hex32,
  name: Type.String(),
  state: JobStatus,
  ...attemptTimes,
  'last-modification': EpochMs,
  tasks: Type.Object({
    total: Int,
    created: Int,
    scheduled: Int,
    deploying: Int,
    running: Int,
    finished: Int,
    canceling: Int,
    canceled: Int,
    failed: Int,
    reconciling: Int,
    /** Of later versions. */
    initializing: Type.Optional(Int),
  }),
  // Of later versions.
  jobType: Type.Optional(Nullable(JobType)),
  schedulerType: Type.Optional(Nullable(SchedulerType)),
  'pending-operators': Type.Optional(Int),
});
