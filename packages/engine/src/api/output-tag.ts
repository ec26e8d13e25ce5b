// Names a side output. The type parameter is the type of its records; `type` optionally declares their serializer.
import type { TypeInformation } from './type-information.ts';

export class OutputTag<T> {
  readonly id: string;
  readonly type: TypeInformation<T> | undefined;

  constructor(id: string, type?: TypeInformation<T>) {
    this.id = id;
    this.type = type;
  }
}
