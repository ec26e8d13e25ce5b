// The error catalogue: every failure a user can meet, once. A code names what went wrong, `domain` who must act,
// `retry` whether the same call may succeed later. A broken invariant is `assert`, never an AppError.

export type ErrorDomain = 'user' | 'external' | 'internal';
export type RetryHint = 'never' | 'backoff';

interface CatalogEntry {
  readonly domain: ErrorDomain;
  readonly retry: RetryHint;
  /** Text with `%s` for each argument: the value, the limit and the next step. */
  readonly text: string;
}

export const catalog = {
  INVALID_PARALLELISM: {
    domain: 'user',
    retry: 'never',
    text: 'Parallelism %s is outside [1, %s] (%s): lower it, or raise setMaxParallelism before the first run',
  },
  RECORD_TOO_LARGE: {
    domain: 'user',
    retry: 'never',
    text: 'A record of %s bytes exceeds the limit of %s bytes (yeoul.channel.max-record-size): emit smaller records or raise it',
  },
  OVERDRAFT_LIMIT: {
    domain: 'user',
    retry: 'never',
    text: 'One input record made %s buffered output bytes, over the limit of %s (yeoul.channel.max-overdraft-size): emit less per call or raise it',
  },
  PARTITION_OUT_OF_RANGE: {
    domain: 'user',
    retry: 'never',
    text: 'The custom partitioner chose channel %s of %s: return a whole number in [0, numPartitions)',
  },
  VALUE_TYPE_MISMATCH: {
    domain: 'user',
    retry: 'never',
    text: 'Value %s at %s does not fit the declared type %s: %s',
  },
  VALUE_NOT_SERIALIZABLE: {
    domain: 'user',
    retry: 'never',
    text: 'A record or state value contains %s, which cannot be serialized: keep plain data in it',
  },
  SERIALIZED_DATA_INVALID: {
    domain: 'external',
    retry: 'never',
    text: 'Serialized data is damaged or was written with another type: %s',
  },
  WINDOW_NEEDS_CODEC: {
    domain: 'user',
    retry: 'never',
    text: 'Window assigner %s makes windows of its own kind: give it a windowCodec, so that they can stand in state',
  },
  WINDOW_LAYOUT_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'The restored windows of "%s" are %s, the program has %s: keep the window as it was, or give the operator a new uid',
  },
  NO_WINDOW_STATE: {
    domain: 'user',
    retry: 'never',
    text: 'Operator "%s" asked for per-window state, but its windows merge: use globalState() of the context',
  },
  MERGED_WINDOW_LATE: {
    domain: 'user',
    retry: 'never',
    text: 'Merging made the window %s, whose end is not after the current time %s: mergeWindows may only make windows longer',
  },
  ASYNC_TIMEOUT: {
    domain: 'external',
    retry: 'backoff',
    text: 'Operator "%s" got no answer within %s ms: raise the timeout, or handle it with timeout(input, resultFuture)',
  },
  SOURCE_QUEUE_FULL: {
    domain: 'user',
    retry: 'never',
    text: 'A source collected %s records without waiting for room: await collectAsync(), or yield between records',
  },
  TIMERS_NEED_KEYS: {
    domain: 'user',
    retry: 'never',
    text: 'Operator "%s" set a timer without a key: timers are for keyed streams, call keyBy() before process()',
  },
  KEY_NEEDS_KEYED_STREAM: {
    domain: 'user',
    retry: 'never',
    text: 'Operator "%s" asked for the current key, but its input has none: call keyBy() before it',
  },
  BROADCAST_STATE_UNKNOWN: {
    domain: 'user',
    retry: 'never',
    text: 'Broadcast state "%s" was not given to broadcast() of operator "%s"; given: %s',
  },
  PROGRAM_NOT_READABLE: {
    domain: 'user',
    retry: 'never',
    text: 'Program %s cannot be read (%s): check the path and its permissions',
  },
  PROGRAM_DAMAGED: {
    domain: 'user',
    retry: 'never',
    text: 'Program %s, as it was stored when its job was submitted, %s: put the file back and start again; or cancel the job, and submit it anew from its newest checkpoint or a savepoint',
  },
  PROGRAM_NOT_PARSABLE: { domain: 'user', retry: 'never', text: 'Program %s does not parse: %s' },
  PROGRAM_FAILED_TO_LOAD: {
    domain: 'user',
    retry: 'never',
    text: 'Program %s failed while its module was loaded: %s',
  },
  PROGRAM_MODULE_UNKNOWN: {
    domain: 'user',
    retry: 'never',
    text: 'The program imports %s, which is not bundled with it; the engine provides %s and Node its own modules',
  },
  PROGRAM_ENTRY_MISSING: {
    domain: 'user',
    retry: 'never',
    text: 'The program exports no entry "%s"; it exports these: %s. An entry is a function (env, args), or has a main(env, args)',
  },
  PROGRAM_NOT_DETERMINISTIC: {
    domain: 'user',
    retry: 'never',
    text: 'The program built another graph than when it was submitted (%s): a graph may not depend on time, randomness or what is outside its arguments',
  },
  PROGRAM_FAILED: { domain: 'user', retry: 'never', text: 'The program failed before it was executed: %s' },
  PROGRAM_TOO_SLOW: {
    domain: 'user',
    retry: 'never',
    text: 'The program (entry %s) did not call env.execute() within %s ms: build the graph first, do long work inside functions',
  },
  JAR_NOT_READABLE: {
    domain: 'user',
    retry: 'never',
    text: 'Jar %s is not readable (%s): upload the whole file as `yeoul build` wrote it',
  },
  JAR_LIMIT: {
    domain: 'user',
    retry: 'never',
    text: 'Jar %s has %s %s, the limit is %s (%s): leave out what the program does not need, or raise the limit',
  },
  JAR_WITHOUT_PROGRAM: {
    domain: 'user',
    retry: 'never',
    text: 'Jar %s holds no program that can run here: %s. Write the job in TypeScript and make its jar with `yeoul build job.ts -o job.jar`, or submit this one to an Apache Flink cluster',
  },
  JAR_FORMAT_UNKNOWN: {
    domain: 'user',
    retry: 'never',
    text: 'Jar %s has layout %s (made by %s), this engine knows %s: build it again with the `yeoul` of this version',
  },
  JAR_STORE_FULL: {
    domain: 'user',
    retry: 'never',
    text: 'There are %s uploaded jars, the limit is %s (jars.max-jars): delete some with DELETE /jars/:jarid',
  },
  JAR_SPACE_FULL: {
    domain: 'user',
    retry: 'never',
    text: 'Uploaded jars would take %s bytes with their programs, the limit is %s (jars.max-kept-bytes): delete some with DELETE /jars/:jarid, or raise it',
  },
  JAR_NOT_STORED: {
    domain: 'external',
    retry: 'backoff',
    text: 'The jar could not be written to %s (%s): make room there and see who may write, then upload it again',
  },
  UPLOAD_LIMIT: {
    domain: 'external',
    retry: 'backoff',
    text: '%s uploads are under way, which is the limit (jars.max-uploads): try again in a moment, or raise it',
  },
  PLANS_BUSY: {
    domain: 'external',
    retry: 'backoff',
    text: '%s programs are being evaluated and %s wait, which are the limits (rest.max-evaluations, rest.max-waiting-evaluations): try again in a moment, or raise them',
  },
  SUBMISSION_LIMIT: {
    domain: 'external',
    retry: 'backoff',
    text: 'More than %s jobs a minute were submitted (rest.max-submissions-per-minute): try again in %s s, or raise it',
  },
  BODY_TOO_LARGE: {
    domain: 'user',
    retry: 'never',
    text: 'The body of the request exceeds %s bytes (rest.max-body-bytes): send less, or raise it',
  },
  HEADERS_TOO_LARGE: {
    domain: 'user',
    retry: 'never',
    text: 'Address and headers of the request exceed %s bytes (rest.max-header-bytes): send less, or raise it',
  },
  URL_TOO_LONG: {
    domain: 'user',
    retry: 'never',
    text: 'The address of the request has %s characters, the limit is %s (rest.max-url-length): put the parameters into the body, or raise it',
  },
  REQUEST_TIMEOUT: {
    domain: 'external',
    retry: 'backoff',
    text: 'The request did not arrive in time (%s): send it without pauses, or raise the limit',
  },
  CONNECTION_LIMIT: {
    domain: 'external',
    retry: 'backoff',
    text: '%s connections are open, which is the limit (rest.max-connections): try again in a moment, close those not needed, or raise it',
  },
  EVENT_STREAM_LIMIT: {
    domain: 'external',
    retry: 'backoff',
    text: '%s streams of events are open, which is the limit (rest.max-event-streams): try again in a moment, close those not needed, or raise it',
  },
  TICKET_LIMIT: {
    domain: 'external',
    retry: 'backoff',
    text: '%s tickets for streams of events are out and were not used: use them, or try again in %s s',
  },
  SERVER_CLOSING: {
    domain: 'external',
    retry: 'backoff',
    text: 'The server is about to end: try again when it has started again; jobs are kept',
  },
  SAVEPOINT_PATH_REFUSED: {
    domain: 'user',
    retry: 'never',
    text: 'Path %s lies outside the places for savepoints (%s): use one of them, or allow its folder when the server is started (--savepoint-root DIR)',
  },
  BIND_UNPROTECTED: {
    domain: 'user',
    retry: 'never',
    text: 'Serving %s without tokens would let whoever reaches it run programs here: give --token-file FILE (docs/security.md), or serve 127.0.0.1',
  },
  TOKEN_FILE_NOT_READABLE: {
    domain: 'user',
    retry: 'never',
    text: 'Token file %s cannot be read (%s): give a file with a line "admin TOKEN" (docs/security.md)',
  },
  TOKEN_FILE_OPEN: {
    domain: 'user',
    retry: 'never',
    text: 'Token file %s may be read by others than its owner (mode %s): chmod 600 %s',
  },
  TOKEN_FILE_INVALID: {
    domain: 'user',
    retry: 'never',
    text: 'Token file %s, line %s: %s. A line is a role (%s), a blank, and a token of %s letters, digits and -._~+/',
  },
  TLS_FILE_INVALID: {
    domain: 'user',
    retry: 'never',
    text: 'The TLS %s %s cannot be used (%s): give PEM files with --tls-cert and --tls-key, the key without a passphrase',
  },
  TLS_KEY_MISMATCH: {
    domain: 'user',
    retry: 'never',
    text: 'The TLS key %s is not that of the certificate %s: give the two that belong together, the own certificate first in its file',
  },
  SETTING_UNKNOWN: {
    domain: 'user',
    retry: 'never',
    text: 'There is no setting %s: did you mean %s? docs/configuration.md lists all',
  },
  SETTING_INVALID: {
    domain: 'user',
    retry: 'never',
    text: 'Setting %s is "%s", which is %s',
  },
  PROGRAM_EXITED: {
    domain: 'user',
    retry: 'never',
    text: 'The program ended its thread (exit code %s) while it was evaluated: a program may not call process.exit',
  },
  ACCUMULATOR_EXISTS: {
    domain: 'user',
    retry: 'never',
    text: 'Accumulator "%s" was already added in task %s: give it another name',
  },
  STATE_NOT_KEYED: {
    domain: 'user',
    retry: 'never',
    text: 'State "%s" was asked for in operator %s, which has no keyed input: call keyBy before it, or use operator state',
  },
  SLOT_EXITED: {
    domain: 'user',
    retry: 'backoff',
    text: 'The thread of slot %s ended by itself (exit code %s): a function called process.exit, or the thread ran out of memory',
  },
  KEY_NOT_DATA: {
    domain: 'user',
    retry: 'never',
    text: 'A key contains %s: keys are plain data, that is texts, numbers, booleans, dates, and arrays and objects of them',
  },
  KEY_MISSING: {
    domain: 'user',
    retry: 'never',
    text: 'The key of a record is %s: check the field or the function that keyBy was given, or leave such records out with filter() before it',
  },
  INVALID_KEY: {
    domain: 'user',
    retry: 'never',
    text: '%s got %s: give positions or names of fields the records have, or one key selector',
  },
  INVALID_AGGREGATE: {
    domain: 'user',
    retry: 'never',
    text: '%s of field %s found %s: every record needs a number there, or comparable values of one type for min and max',
  },
  UNBOUNDED_BATCH_SOURCE: {
    domain: 'user',
    retry: 'never',
    text: 'Source %s is unbounded: a batch program would never end; use it with StreamExecutionEnvironment',
  },
  NO_BATCH_RESULT: {
    domain: 'user',
    retry: 'never',
    text: 'No job of this environment has been executed yet: call execute(), collect(), count() or print() before',
  },
  NO_BATCH_SINK: {
    domain: 'user',
    retry: 'never',
    text: 'No new data sinks have been defined since the last execution: call output(), writeAsText() or another sink before execute(), or collect(), count() or print() alone',
  },
  JOB_NOT_FOUND: { domain: 'user', retry: 'never', text: 'Job %s could not be found: list the jobs to see their ids' },
  // --- coordinator ---
  JOB_ALREADY_EXISTS: {
    domain: 'user',
    retry: 'never',
    text: 'Job %s has already been submitted: choose another job id',
  },
  JOB_NOT_RUNNING: {
    domain: 'user',
    retry: 'backoff',
    text: 'Job %s is %s; this needs all of its tasks running: try again when it is RUNNING',
  },
  JOB_TERMINATED: { domain: 'user', retry: 'never', text: 'Job %s has already reached the terminal state %s' },
  JOB_FAILED: { domain: 'user', retry: 'never', text: 'Job %s failed: %s' },
  JOB_CANCELED: { domain: 'user', retry: 'never', text: 'Job %s was cancelled' },
  COLLECT_RESTARTED: {
    domain: 'user',
    retry: 'never',
    text: 'Job %s failed (%s) and would begin again, but executeAndCollect() has given out values that would come again: enable checkpointing to get each of them once',
  },
  COLLECT_INTERRUPTED: {
    domain: 'user',
    retry: 'never',
    text: 'What job %s had handed to executeAndCollect() ended with the process, and the job goes on from its checkpoint: the values cannot be had from the start. The job goes on without its program; write results that must outlive the process to a sink',
  },
  NO_JOB_EXECUTED: {
    domain: 'user',
    retry: 'never',
    text: 'The program (entry %s) ended without calling env.execute(): no job was submitted. Build the streams, then: await env.execute()',
  },
  CLUSTER_CLOSED: {
    domain: 'internal',
    retry: 'backoff',
    text: 'The cluster is shutting down; %s is kept and resumes at the next start',
  },
  SLOTS_SHORT: {
    domain: 'user',
    retry: 'backoff',
    text: 'The job needs %s slots (%s), %s of %s are free: stop a job, lower the parallelism, or start the cluster with more slots',
  },
  SLOT_START_TIMEOUT: {
    domain: 'internal',
    retry: 'backoff',
    text: 'Slot %s was not ready within %s ms (yeoul.slot.start-timeout)',
  },
  SLOT_DIED: { domain: 'internal', retry: 'backoff', text: 'Slot %s ended unexpectedly: %s' },
  SLOT_UNRESPONSIVE: {
    domain: 'user',
    retry: 'backoff',
    text: 'Slot %s did not answer for %s ms (yeoul.slot.heartbeat-timeout): a function spins or blocks',
  },
  RESTART_SUPPRESSED: { domain: 'user', retry: 'never', text: 'Recovery is suppressed by %s: %s' },
  STOP_INCOMPLETE: {
    domain: 'internal',
    retry: 'never',
    text: 'The job failed while it was stopping: %s. Its state is whole in savepoint %s: start from there',
  },
  DATA_DIR_UNUSABLE: {
    domain: 'user',
    retry: 'never',
    text: 'Data directory %s cannot be used (%s): make it a directory that this user may write, with space left, or choose another one',
  },
  DATA_DIR_LOCKED: {
    domain: 'user',
    retry: 'backoff',
    text: 'Data directory %s is in use by process %s: stop that one, or choose another directory',
  },
  JAVA_JOB_GRAPH: {
    domain: 'user',
    retry: 'never',
    text: 'A job graph serialized by Java cannot run here, where there is no JVM: write the job in TypeScript, make a job jar of it with "yeoul build", and run that with POST /jars/upload and POST /jars/:jarid/run, or at once with "yeoul run -m"',
  },
  PARALLELISM_FIXED: {
    domain: 'user',
    retry: 'never',
    text: 'Vertex %s of job %s runs with parallelism %s, which is not between %s and %s, and a running job keeps its parallelism: stop it with a savepoint and start it from there with another one',
  },
  JOB_ARCHIVE_CORRUPT: {
    domain: 'internal',
    retry: 'never',
    text: 'The pages of ended job %s cannot be read from %s: %s. Other jobs are not affected; remove the file to forget this one',
  },
  JOB_STORE_CORRUPT: { domain: 'external', retry: 'never', text: 'Stored record %s cannot be read: %s' },
  OPERATION_NOT_FOUND: {
    domain: 'user',
    retry: 'never',
    text: 'There is no operation with trigger id %s: it never started, or its result was kept longer than %s ms ago',
  },
  OPERATION_INTERRUPTED: {
    domain: 'internal',
    retry: 'backoff',
    text: 'The operation was cut off by a restart before it completed: trigger it again',
  },
  OPERATION_LIMIT: {
    domain: 'user',
    retry: 'backoff',
    text: '%s operations are already in progress, the limit is %s (yeoul.operations.max-in-progress)',
  },
  // --- configuration ---
  CONFIG_FILE_INVALID: {
    domain: 'user',
    retry: 'never',
    text: 'Configuration file %s cannot be used: %s',
  },
  // --- checkpoints and savepoints ---
  CHECKPOINT_ABORTED: { domain: 'internal', retry: 'backoff', text: 'Checkpoint %s was aborted: %s' },
  CHECKPOINT_EXPIRED: {
    domain: 'internal',
    retry: 'backoff',
    text: 'Checkpoint %s expired before completing: not every subtask acknowledged within %s ms (execution.checkpointing.timeout)',
  },
  CHECKPOINT_DECLINED: { domain: 'internal', retry: 'backoff', text: 'Checkpoint %s was declined by %s: %s' },
  CHECKPOINT_STORE_FAILED: {
    domain: 'external',
    retry: 'backoff',
    text: 'Checkpoint %s could not be stored in %s: %s',
  },
  CHECKPOINT_FAILURES_EXCEEDED: {
    domain: 'user',
    retry: 'backoff',
    text: 'Exceeded checkpoint tolerable failure threshold: %s failed in a row, %s are tolerated; last: %s',
  },
  CHECKPOINT_UNION_STATE_FINISHED: {
    domain: 'user',
    retry: 'backoff',
    text: 'Checkpoint %s: vertex %s uses union list state and only some of its subtasks finished, so the union would miss elements: wait until all finished',
  },
  SAVEPOINT_DIR_MISSING: {
    domain: 'user',
    retry: 'never',
    text: 'Config key [state.savepoints.dir] is not set. Property [%s] must be provided.',
  },
  SAVEPOINT_IN_USE: {
    domain: 'user',
    retry: 'backoff',
    text: 'Savepoint %s is what job %s would restore from: dispose it after the next checkpoint of the job, or stop the job',
  },
  STOP_IN_PROGRESS: {
    domain: 'user',
    retry: 'backoff',
    text: 'Job %s is already being stopped or cancelled with a savepoint (trigger %s)',
  },
  STATE_PATH_NOT_LOCAL: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot read %s: only local paths, with or without file:, are supported',
  },
  METADATA_MISSING: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot restore from %s: it holds no _metadata file; without it a savepoint or checkpoint is unusable',
  },
  CHECKPOINTS_LOST: {
    domain: 'user',
    retry: 'never',
    text: 'Job %s had completed checkpoints, and none is left in %s: it is not started without its state. Put the directory back (a chk-… directory with its _metadata) and start again; or cancel the job, and submit it anew from a savepoint or, if its state may be lost, without one',
  },
  CHECKPOINT_NEWEST_LOST: {
    domain: 'user',
    retry: 'never',
    text: 'The newest completed checkpoint of job %s is gone (%s): it does not go back to %s by itself, since what its sinks have committed since would be committed again. Put the directory back and start again; or start once with yeoul.recovery.allow-older-checkpoint: true',
  },
  METADATA_CORRUPT: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot restore from %s: _metadata is damaged (%s): use another savepoint or checkpoint',
  },
  METADATA_NEWER: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot restore from %s: _metadata has format version %s, this engine reads up to %s: upgrade the engine',
  },
  STATE_FILE_MISSING: { domain: 'user', retry: 'never', text: 'Cannot restore from %s: state file %s is missing' },
  STATE_FILE_CORRUPT: { domain: 'user', retry: 'never', text: 'Cannot restore from %s: state file %s is damaged (%s)' },
  STATE_WITHOUT_OWNER: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot map checkpoint/savepoint state to the new program: %s is not available in it. Give the operator its former uid, or allow it with --allowNonRestoredState',
  },
  MAX_PARALLELISM_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'The state of %s was saved with max parallelism %s and the program now has %s: call setMaxParallelism(%s), it is fixed for the life of the state',
  },
  PARALLELISM_ABOVE_SAVED_MAX: {
    domain: 'user',
    retry: 'never',
    text: 'Parallelism %s of %s is above max parallelism %s, which its saved state fixes: lower it',
  },
  MIXED_FINISHED_STATE: {
    domain: 'user',
    retry: 'never',
    text: 'Vertex %s chains operators that had finished (%s) with others that had not: keep the chain as it was, or start without state',
  },
  // Programs and graphs.
  INVALID_DURATION: {
    domain: 'user',
    retry: 'never',
    text: 'The %s is %s ms: give a whole number of milliseconds, at least %s',
  },
  INVALID_WINDOW: { domain: 'user', retry: 'never', text: 'A window with %s is not possible: give %s' },
  INVALID_FUNCTION: {
    domain: 'user',
    retry: 'never',
    text: '%s takes a function or an object with a method %s, but got %s',
  },
  ASYNC_FUNCTION: {
    domain: 'user',
    retry: 'never',
    text: '%s was given %s, but takes what a function returns as its result at once. Wait in AsyncDataStream.unorderedWait(…) or orderedWait(…), in open(), or in a sink; to emit several results, return them or use out.collect(…)',
  },
  NOT_ITERABLE: {
    domain: 'user',
    retry: 'never',
    text: 'flatMap was given a function of one parameter that returned %s: return an array or another iterable, nothing at all, or take (value, out) and call out.collect(…)',
  },
  INVALID_KEY_SELECTOR: {
    domain: 'user',
    retry: 'never',
    text: 'keyBy needs a function, an object with getKey, or the name of a field, but got %s (known fields: %s)',
  },
  INVALID_SETTING: { domain: 'user', retry: 'never', text: '%s is %s: give %s' },
  INVALID_TIMESTAMP: {
    domain: 'user',
    retry: 'never',
    text: 'A timestamp assigner answered %s: give milliseconds since 1970-01-01T00:00:00Z as a number, e.g. Date.parse(…) of a text',
  },
  NO_TIMESTAMP: {
    domain: 'user',
    retry: 'never',
    text: 'A record has no timestamp (or the assigner answered NaN), but %s needs one: call assignTimestampsAndWatermarks before, or use processing time',
  },
  NO_PROGRAM_CONTEXT: {
    domain: 'user',
    retry: 'never',
    text: '%s was called outside a running program: export a function (env, args) => { … } and start it with "yeoul run FILE"',
  },
  EMPTY_PROGRAM: {
    domain: 'user',
    retry: 'never',
    text: 'Program "%s" has no operators: build a stream from a source to a sink before execute()',
  },
  NO_SINK: {
    domain: 'user',
    retry: 'never',
    text: 'Program "%s" has %s operators but no sink: end a stream with print(), addSink(…) or, for side effects only, addSink(new DiscardingSink())',
  },
  DUPLICATE_UID: {
    domain: 'user',
    retry: 'never',
    text: 'uid "%s" is given to "%s" and to "%s": every operator needs its own',
  },
  DUPLICATE_UID_HASH: {
    domain: 'user',
    retry: 'never',
    text: 'Operators "%s" and "%s" both have the id %s: give them different uids or uid hashes',
  },
  INVALID_UID_HASH: { domain: 'user', retry: 'never', text: 'uid hash "%s" of "%s" is not 32 hexadecimal digits' },
  FORWARD_PARALLELISM: {
    domain: 'user',
    retry: 'never',
    text: 'forward() from "%s" (parallelism %s) to "%s" (parallelism %s): make them equal, or use rebalance() or rescale()',
  },
  FEEDBACK_PARALLELISM: {
    domain: 'user',
    retry: 'never',
    text: 'The feedback stream has parallelism %s, the stream that iterates %s: make them equal',
  },
  FEEDBACK_LIMIT: {
    domain: 'user',
    retry: 'never',
    text: 'More than %s records wait to go through the iteration again (feedback.max-records): lead fewer back, or slow the source down',
  },
  ITERATION_NOT_CLOSED: {
    domain: 'user',
    retry: 'never',
    text: 'Iteration %s leads nothing back: call closeWith(stream) on what iterate() gave',
  },
  ITERATION_CHECKPOINTS: {
    domain: 'user',
    retry: 'never',
    text: 'Checkpoints (every %s ms) would miss the records that are on their way back in an iteration: run the job without checkpoints, or keep what repeats in state and timers',
  },
  STREAMS_OF_TWO_ENVIRONMENTS: {
    domain: 'user',
    retry: 'never',
    text: '%s combines streams of two environments: build both from the same one',
  },
  CONNECTOR_MISSING: {
    domain: 'user',
    retry: 'never',
    text: '%s needs a connector that is not loaded: import "%s" in the program',
  },
  WINDOW_NOT_MERGEABLE: {
    domain: 'user',
    retry: 'never',
    text: '%s cannot be used with merging windows (%s): take one that can merge, or windows that do not',
  },
  KEYED_PARTITIONING: {
    domain: 'user',
    retry: 'never',
    text: '%s would break the partitioning by key of a keyed stream: partition before keyBy, or after an operator',
  },
  // State.
  STATE_FILE_VERSION_UNKNOWN: {
    domain: 'user',
    retry: 'never',
    text: 'State file %s has format version %s, this engine reads version %s: use the engine that wrote it',
  },
  STATE_KIND_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'State "%s" is a %s state in the checkpoint or an earlier call, but a %s state now: give the new state another name',
  },
  STATE_TYPE_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'State "%s" has type %s in the checkpoint, which cannot be read as %s: keep the type, or give the new state another name',
  },
  STATE_NAMESPACE_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'State "%s" has namespaces of type %s in the checkpoint, but %s now: keep the window type, or give the operator another uid',
  },
  STATE_KEY_TYPE_CHANGED: {
    domain: 'user',
    retry: 'never',
    text: 'The keys in the checkpoint have type %s, the stream is keyed by %s now: keep the key type, or give the operator another uid',
  },
  STATE_KEY_TOO_LARGE: {
    domain: 'user',
    retry: 'never',
    text: 'A key with its namespace takes %s bytes, the disk state backend allows %s: use shorter keys, or the heap backend',
  },
  STATE_NOT_MERGEABLE: {
    domain: 'user',
    retry: 'never',
    text: 'State "%s" must be merged (session windows), but its aggregate function has no merge(): add it',
  },
  // --- connectors ---
  FILE_NOT_FOUND: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot read %s: there is no such file or directory; relative paths start at %s',
  },
  FILE_NOT_READABLE: {
    domain: 'user',
    retry: 'never',
    text: 'Cannot read %s (%s): check that it is a readable file and the permissions of its folders',
  },
  DIRECTORY_WITHOUT_FILES: {
    domain: 'user',
    retry: 'never',
    text: 'Directory %s has no file to read (%s were left out by the filter or for names that start with "." or "_"): check the path and the filter, or watch it with monitorContinuously',
  },
  LINE_TOO_LONG: {
    domain: 'user',
    retry: 'never',
    text: 'A record of %s that starts at byte %s is longer than %s bytes (%s): raise the limit, or check the format and the delimiter',
  },
  FILE_RECORD_INVALID: {
    domain: 'user',
    retry: 'never',
    text: 'A record of %s near byte %s is not valid %s: %s',
  },
  FILE_DAMAGED: { domain: 'external', retry: 'never', text: 'File %s is damaged or cut off: %s' },
  FILE_SHRUNK: {
    domain: 'user',
    retry: 'never',
    text: 'File %s ends before byte %s, the saved position: it was replaced or cut since; bring it back, or start without state',
  },
  OUTPUT_EXISTS: {
    domain: 'user',
    retry: 'never',
    text: 'Output %s already exists: choose another path, or allow it to be replaced with { overwrite: true }',
  },
  OUTPUT_RESCALED: {
    domain: 'user',
    retry: 'never',
    text: 'Output %s was written with parallelism %s and cannot be continued with %s: keep the parallelism, or use FileSink',
  },
  OUTPUT_FAILED: {
    domain: 'external',
    retry: 'backoff',
    text: 'Cannot write %s (%s): check free space and permissions',
  },
  PART_FILE_MISSING: {
    domain: 'external',
    retry: 'never',
    text: 'Part file %s is in the restored state but missing, and %s is not there either: output was removed; bring it back, or start without state',
  },
  PART_FILE_SHORT: {
    domain: 'external',
    retry: 'never',
    text: 'Part file %s has %s bytes, fewer than the %s of the restored state: output was cut; bring it back, or start without state',
  },
  PART_FILE_CONFLICT: {
    domain: 'user',
    retry: 'never',
    text: 'Part file %s cannot be finished: %s. Another job writes there: give each job a folder or a part prefix of its own',
  },
  CONNECTION_FAILED: {
    domain: 'external',
    retry: 'backoff',
    text: 'Cannot connect to %s (%s; %s attempts): check the address and that the server runs, or allow more retries',
  },
  CONNECTION_LOST: { domain: 'external', retry: 'backoff', text: 'The connection to %s was lost: %s' },
  HTTP_REQUEST_FAILED: {
    domain: 'external',
    retry: 'backoff',
    text: '%s %s failed after %s attempts: %s',
  },
  LISTEN_FAILED: {
    domain: 'user',
    retry: 'backoff',
    text: 'Cannot listen on %s (%s): choose a free port and an address of this machine',
  },
  PORT_TAKEN: {
    domain: 'user',
    retry: 'backoff',
    text: 'Port %s of %s is taken by another process: end that one, or choose another port; --port 0 takes a free one',
  },
  LISTEN_UNPROTECTED: {
    domain: 'user',
    retry: 'never',
    text: 'Listening on %s would let other machines send records: set a token, or listen on 127.0.0.1',
  },
  OPTIONAL_PACKAGE_MISSING: {
    domain: 'user',
    retry: 'never',
    text: '%s needs the package "%s" here: npm install %s',
  },
  INPUT_OVERRUN: {
    domain: 'user',
    retry: 'backoff',
    text: '%s sent %s records faster than the job takes them, over the limit of %s (%s): raise it or the parallelism',
  },
} as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly jobId?: string;
}

/** A failure with a catalogue code; `domain` and `retry` are read from the catalogue. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly args: readonly unknown[];
  readonly jobId: string | undefined;

  constructor(code: ErrorCode, args: readonly unknown[], options: AppErrorOptions = {}) {
    super(formatText(catalog[code].text, args), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.args = args;
    this.jobId = options.jobId;
  }

  get domain(): ErrorDomain {
    return catalog[this.code].domain;
  }

  get retry(): RetryHint {
    return catalog[this.code].retry;
  }
}

export function appError(code: ErrorCode, args: readonly unknown[] = [], options: AppErrorOptions = {}): AppError {
  return new AppError(code, args, options);
}

/** Turns anything thrown into an Error, once, at the edge. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Holds an invariant; a broken one crashes the task, which restores from its last checkpoint. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${invariant}`);
}

function formatText(text: string, args: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%s/g, () => String(args[next++]));
}
