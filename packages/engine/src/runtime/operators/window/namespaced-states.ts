// Keyed states that are kept per window: opened once per descriptor, pointed at a window before each use. Their names get
// a prefix: triggers, window functions and the state over all windows may use the same names.
import type { KeyedStateStore } from '../../../api/process-context.ts';
import type { StateDescriptor } from '../../../api/state.ts';
import type { TypeInformation } from '../../../api/type-information.ts';
import type { KeyedStateBackend, MergingState, Namespaced } from '../../../state/keyed-state-backend.ts';

export class NamespacedStates {
  readonly #prefix: string;
  readonly #backend: KeyedStateBackend;
  readonly #namespaceType: TypeInformation;
  readonly #states = new Map<string, Namespaced>();

  /** @param prefix of the names in state, e.g. "trigger" */
  constructor(prefix: string, backend: KeyedStateBackend, namespaceType: TypeInformation) {
    this.#prefix = prefix;
    this.#backend = backend;
    this.#namespaceType = namespaceType;
  }

  /** The state of `descriptor` in `namespace`, for the current key. */
  at(descriptor: StateDescriptor, namespace: unknown): Namespaced {
    let state = this.#states.get(descriptor.name);
    if (state === undefined) {
      state = this.#open({ ...descriptor, name: `${this.#prefix}/${descriptor.name}` } as StateDescriptor);
      this.#states.set(descriptor.name, state);
    }
    state.setCurrentNamespace(namespace);
    return state;
  }

  mergingAt(descriptor: StateDescriptor, namespace: unknown): MergingState {
    return this.at(descriptor, namespace) as MergingState;
  }

  /** A store whose states are those of `namespace()` at the time they are asked for. */
  storeAt(namespace: () => unknown): KeyedStateStore {
    const open = (descriptor: unknown): never => this.at(descriptor as StateDescriptor, namespace()) as never;
    return { getState: open, getListState: open, getMapState: open, getReducingState: open, getAggregatingState: open };
  }

  #open(descriptor: StateDescriptor): Namespaced {
    const options = { namespaceType: this.#namespaceType };
    switch (descriptor.kind) {
      case 'value':
        return this.#backend.getValueState(descriptor, options);
      case 'list':
        return this.#backend.getListState(descriptor, options);
      case 'map':
        return this.#backend.getMapState(descriptor, options);
      case 'reducing':
        return this.#backend.getReducingState(descriptor, options);
      case 'aggregating':
        return this.#backend.getAggregatingState(descriptor, options);
    }
  }
}
