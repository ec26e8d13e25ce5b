// The plan of a program, found by running it up to its first execute().
import type { CommandContext } from '../command-context.ts';
import { openProgram } from '../open-program.ts';
import type { JsonPlan } from './plan-model.ts';

export interface PlanRequest {
  readonly named: string;
  readonly args: readonly string[];
  readonly entry: string | undefined;
  readonly parallelism: number | undefined;
}

export interface ProgramPlan {
  /** Flink's JSON plan; a job id is given when the program is run. */
  readonly plan: Omit<JsonPlan, 'jid'>;
  /** What the jar says of the program. */
  readonly description: string | undefined;
}

export async function planProgram(request: PlanRequest, context: CommandContext): Promise<ProgramPlan> {
  await using program = await openProgram(request.named);
  const graph = await context.planProgram({
    bundlePath: program.bundlePath,
    entry: request.entry ?? program.defaultEntry,
    args: request.args,
    parallelism: request.parallelism,
    submittedAtMs: context.nowMs(),
    defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
    executeIndex: 0,
    earlierResults: [],
  });
  const { name, nodes } = graph.plan;
  return { plan: { name, nodes: [...nodes] as JsonPlan['nodes'] }, description: program.description };
}
