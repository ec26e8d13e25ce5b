// Builds the deploy requests of a set of subtasks: one per slot, with new rings for the channels between slots. Pure but for the rings.
import type { StateAssignment } from '../../checkpoint/state-assignment.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ChannelLimits } from '../channels/channel-limits.ts';
import type {
  DeployRequest,
  ProgramDescriptor,
  RemoteChannelDescriptor,
  SlotStorageConfig,
  TaskDeployment,
} from '../messages.ts';
import { connectedSubtasks } from './channel-plan.ts';
import type { ExecutionVertex } from './execution-graph.ts';

export interface DeploymentPlan {
  readonly jobId: string;
  readonly graph: JobGraphDescription;
  readonly deployment: number;
  /** Closed over edges: both ends of a channel are in it or none. */
  readonly subtasks: readonly ExecutionVertex[];
  readonly placement: Readonly<Record<string, readonly number[]>>;
  /** Undefined: the job starts without state. */
  readonly restore: StateAssignment | undefined;
  readonly signals: SharedArrayBuffer;
  readonly program: ProgramDescriptor;
  readonly storageOf: (slotIndex: number) => SlotStorageConfig;
  readonly channelLimits?: ChannelLimits | undefined;
  readonly reportIntervalMs?: number | undefined;
  /** @param channelCount channels between slots in the whole job; rings are smaller the more there are */
  readonly createRing: (channelCount: number) => SharedArrayBuffer;
}

/** @returns requests by slot index */
export function planDeployment(plan: DeploymentPlan): ReadonlyMap<number, DeployRequest> {
  const { graph, jobId, deployment, placement, signals, program, subtasks } = plan;
  const channels = createChannels(plan);
  const requests = new Map<number, DeployRequest>();
  for (const slotIndex of new Set(subtasks.map((subtask) => subtask.slotIndex))) {
    requests.set(slotIndex, {
      type: 'deploy',
      jobId,
      jobName: graph.name,
      deployment,
      tasks: subtasks.filter((subtask) => subtask.slotIndex === slotIndex).map((subtask) => toTask(subtask, plan)),
      placement,
      channels: channels.filter(({ sourceSlot, targetSlot }) => sourceSlot === slotIndex || targetSlot === slotIndex),
      signals,
      program,
      graphHash: graph.hash,
      maxParallelism: Object.fromEntries(graph.vertices.map(({ id, maxParallelism }) => [id, maxParallelism])),
      execution: graph.execution,
      checkpointing: graph.checkpointing,
      storage: plan.storageOf(slotIndex),
      channelLimits: plan.channelLimits,
      reportIntervalMs: plan.reportIntervalMs,
    });
  }
  return requests;
}

function toTask({ current, vertex, subtaskIndex }: ExecutionVertex, { restore }: DeploymentPlan): TaskDeployment {
  return {
    vertexId: vertex.id,
    subtaskIndex,
    executionId: current.executionId,
    attemptNumber: current.attemptNumber,
    restore: restore?.[vertex.id]?.[subtaskIndex],
  };
}

function createChannels({
  graph,
  subtasks,
  placement,
  createRing,
}: DeploymentPlan): readonly RemoteChannelDescriptor[] {
  const included = new Set(subtasks.map(({ vertex, subtaskIndex }) => `${vertex.id}/${subtaskIndex}`));
  const crossing = crossingChannels(graph, placement);
  return crossing
    .filter(({ targetVertexId, targetSubtask }) => included.has(`${targetVertexId}/${targetSubtask}`))
    .map(({ targetVertexId: _, ...channel }) => ({ ...channel, ring: createRing(crossing.length) }));
}

function crossingChannels(
  graph: JobGraphDescription,
  placement: Readonly<Record<string, readonly number[]>>,
): readonly (Omit<RemoteChannelDescriptor, 'ring'> & { readonly targetVertexId: string })[] {
  return graph.edges.flatMap((edge) => {
    const sources = placement[edge.sourceVertexId] ?? [];
    const targets = placement[edge.targetVertexId] ?? [];
    return connectedSubtasks(edge, sources.length, targets.length).flatMap(({ sourceSubtask, targetSubtask }) => {
      const sourceSlot = sources[sourceSubtask] ?? 0;
      const targetSlot = targets[targetSubtask] ?? 0;
      if (sourceSlot === targetSlot) return [];
      const { id: edgeId, targetVertexId } = edge;
      return [{ edgeId, targetVertexId, sourceSubtask, targetSubtask, sourceSlot, targetSlot }];
    });
  });
}
