// What a plan or run request asks for. The body wins over the query, field by field.
// @see Apache Flink 1.9, JarHandlerUtils (source of the precedence and the wording)
import {
  type BodyOf,
  describeBadBody,
  type jarEndpoints,
  parseParameter,
  type QueryOf,
  restError,
} from '@yeoul/contract';
import { tokenizeArguments } from './program-arguments.ts';

type PlanQuery = QueryOf<typeof jarEndpoints.planJar>;
type PlanBody = BodyOf<typeof jarEndpoints.planJar>;
type RunQuery = QueryOf<typeof jarEndpoints.runJar>;
type RunBody = BodyOf<typeof jarEndpoints.runJar>;

export interface ProgramRequest {
  /** Undefined: the first of the manifest. */
  readonly entryClass: string | undefined;
  readonly args: readonly string[];
  /** Undefined: the server's default. */
  readonly parallelism: number | undefined;
  /** 32 hex digits; undefined: a new one. */
  readonly jobId: string | undefined;
}

export interface RunRequest extends ProgramRequest {
  readonly savepointPath: string | undefined;
  readonly allowNonRestoredState: boolean;
}

/** Flink's ExecutionConfig.PARALLELISM_DEFAULT. */
const DEFAULT_PARALLELISM = -1;
const INT32_MAX = 2 ** 31 - 1;

/** @param bodyName Flink's class name of the body, for messages */
export function decideProgram(query: PlanQuery, body: PlanBody, bodyName: string): ProgramRequest {
  return {
    entryClass: textOf(body.entryClass) ?? textOf(query['entry-class']),
    args: decideArguments(query, body),
    parallelism: decideParallelism(body.parallelism ?? query.parallelism, bodyName),
    jobId: decideJobId(body.jobId, bodyName),
  };
}

export function decideRun(query: RunQuery, body: RunBody): RunRequest {
  return {
    ...decideProgram(query, body, 'JarRunRequestBody'),
    savepointPath: textOf(body.savepointPath) ?? textOf(query.savepointPath),
    allowNonRestoredState: body.allowNonRestoredState ?? query.allowNonRestoredState ?? false,
  };
}

function decideArguments(query: PlanQuery, body: PlanBody): readonly string[] {
  const oneText = tokenizeArguments(textOf(body.programArgs) ?? textOf(query['program-args']) ?? '');
  const list = body.programArgsList ?? query.programArg ?? [];
  if (list.length === 0) return oneText;
  if (oneText.length === 0) return list;
  throw restError(
    400,
    'Confusing request: programArgs and programArgsList are specified, please, use only programArgsList',
  );
}

function decideParallelism(given: number | undefined, bodyName: string): number | undefined {
  if (given === undefined || given === DEFAULT_PARALLELISM) return undefined;
  if (given > INT32_MAX) throw restError(400, describeBadBody(bodyName));
  if (given >= 1) return given;
  throw restError(
    400,
    `Parallelism ${given} must be at least one, or ${DEFAULT_PARALLELISM} for the server's default.`,
  );
}

function decideJobId(given: string | null | undefined, bodyName: string): string | undefined {
  if (given === undefined || given === null) return undefined;
  const id = parseParameter({ type: 'hex32' }, given);
  if (typeof id !== 'string') throw restError(400, describeBadBody(bodyName));
  return id;
}

/** An empty text is none. */
function textOf(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text;
}
