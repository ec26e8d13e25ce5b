// The tasks of a job as the checkpoint coordinator sees them. Pure.
import type { CheckpointTask } from '../../checkpoint/pending-checkpoint.ts';
import { connectedSubtasks } from './channel-plan.ts';
import type { ExecutionGraph, ExecutionVertex } from './execution-graph.ts';
import { ExecutionState } from './execution-state.ts';

export function toCheckpointTask(subtask: ExecutionVertex): CheckpointTask {
  const { current, vertex, subtaskIndex, slotIndex, taskName } = subtask;
  return {
    executionId: current.executionId,
    vertexId: vertex.id,
    subtaskIndex,
    slotIndex,
    taskName,
    status: statusOf(current.state),
  };
}

/** Running subtasks that no running subtask feeds: where barriers start. */
export function findTriggerTargets(executions: ExecutionGraph): readonly CheckpointTask[] {
  const isRunning = ({ current }: ExecutionVertex) => current.state === ExecutionState.RUNNING;
  const fed = new Set<ExecutionVertex>();
  for (const edge of executions.graph.edges) {
    const sources = executions.subtasks(edge.sourceVertexId);
    const targets = executions.subtasks(edge.targetVertexId);
    for (const { sourceSubtask, targetSubtask } of connectedSubtasks(edge, sources.length, targets.length)) {
      const [source, target] = [sources[sourceSubtask], targets[targetSubtask]];
      if (source !== undefined && target !== undefined && isRunning(source)) fed.add(target);
    }
  }
  return executions.all.filter((subtask) => isRunning(subtask) && !fed.has(subtask)).map(toCheckpointTask);
}

function statusOf(state: ExecutionState): CheckpointTask['status'] {
  if (state === ExecutionState.RUNNING) return 'running';
  return state === ExecutionState.FINISHED ? 'finished' : 'other';
}
