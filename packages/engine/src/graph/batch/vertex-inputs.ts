// The channels that reach a vertex: those of its head, with unions replaced by what they unite.
import type { PlanChannel, PlanNode } from './physical-plan.ts';
import { DriverStrategy } from './strategies.ts';

export interface VertexInput {
  readonly channel: PlanChannel;
  /** Input of the head operator, from 0; the channels of a union share one. */
  readonly input: number;
}

export function vertexInputs(head: PlanNode): VertexInput[] {
  return head.inputs.flatMap((channel, input) => expandUnion(channel).map((each) => ({ channel: each, input })));
}

function expandUnion(channel: PlanChannel): readonly PlanChannel[] {
  return channel.source.strategy === DriverStrategy.Union ? channel.source.inputs : [channel];
}
