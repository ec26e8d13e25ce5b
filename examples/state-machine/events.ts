// Events of addresses that follow a protocol: each address walks through this state machine from Initial to Terminal.
//
//            +--<a>--> W --<b>--> Y --<e>---+
//            |                    ^         |
//   Initial--+                    |         |
//            |                    |         +--> (Z)-----<g>---> Terminal
//            +--<c>--> X --<b>----+         |
//                      |                    |
//                      +--------<d>---------+

export type EventType = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g';
export type MachineState = 'Initial' | 'W' | 'X' | 'Y' | 'Z' | 'Terminal' | 'InvalidTransition';

export interface Event {
  readonly type: EventType;
  readonly sourceAddress: number;
}

export interface Alert {
  readonly address: number;
  readonly state: MachineState;
  readonly transition: EventType;
}

interface Transition {
  readonly event: EventType;
  readonly target: MachineState;
  readonly probability: number;
}

const transitions: Readonly<Record<MachineState, readonly Transition[]>> = {
  Initial: [
    { event: 'a', target: 'W', probability: 0.6 },
    { event: 'c', target: 'X', probability: 0.4 },
  ],
  W: [{ event: 'b', target: 'Y', probability: 1 }],
  X: [
    { event: 'b', target: 'Y', probability: 0.2 },
    { event: 'd', target: 'Z', probability: 0.8 },
  ],
  Y: [
    { event: 'e', target: 'Z', probability: 0.8 },
    { event: 'f', target: 'X', probability: 0.2 },
  ],
  Z: [{ event: 'g', target: 'Terminal', probability: 1 }],
  Terminal: [],
  InvalidTransition: [],
};

/** Where `event` leads from `state`; InvalidTransition when the protocol has no such step. */
export function transition(state: MachineState, event: EventType): MachineState {
  return transitions[state].find((t) => t.event === event)?.target ?? 'InvalidTransition';
}

/** @param random in [0, 1) */
export function randomTransition(state: MachineState, random: number): { event: EventType; target: MachineState } {
  let rest = random;
  for (const { event, target, probability } of transitions[state]) {
    rest -= probability;
    if (rest <= 0) return { event, target };
  }
  throw new Error(`No transition leads on from ${state}`);
}

/** An event that `state` does not allow. */
export function randomInvalidEvent(state: MachineState, random: number): EventType {
  const invalid = (['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const).filter(
    (event) => transition(state, event) === 'InvalidTransition',
  );
  return invalid[Math.floor(random * invalid.length)] as EventType;
}
