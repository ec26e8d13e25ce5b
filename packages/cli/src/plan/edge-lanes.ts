// The lines to the left of a drawn graph: a lane for each edge that is still on its way down, as in `git log --graph`.
//   L1. A vertex stands in the lane of its first input; its other inputs are joined into that lane just above it.
//   L2. Its first output goes on in its lane; the others branch off just below it.
import type { PlanEdge, PlanVertex } from './plan-model.ts';

const Glyph = { Vertex: '●', Down: '│', None: ' ' } as const;

export class EdgeLanes {
  /** Undefined: free. */
  readonly #lanes: (PlanEdge | undefined)[] = [];

  /** Lines with all lanes going on. */
  through(): string {
    return this.#draw((lane) => (lane === undefined ? Glyph.None : Glyph.Down), Glyph.None);
  }

  /** Joins the vertex's inputs. @returns the line of the join; undefined: nothing to join */
  join(vertex: PlanVertex): string | undefined {
    const [first, ...others] = this.#lanesTo(vertex);
    if (first === undefined || others.length === 0) return undefined;
    const line = this.#across(first, others, '┴', '╯');
    for (const lane of others) this.#lanes[lane] = undefined;
    this.#trim();
    return line;
  }

  /** Puts the vertex and its first output. @returns its line */
  place(vertex: PlanVertex, outputs: readonly PlanEdge[]): string {
    const own = this.#lanesTo(vertex)[0] ?? this.#freeLane();
    this.#lanes[own] = outputs[0];
    const line = this.#draw((lane, i) => {
      if (i === own) return Glyph.Vertex;
      return lane === undefined ? Glyph.None : Glyph.Down;
    }, Glyph.None);
    this.#trim();
    return line;
  }

  /** Puts the other outputs of the vertex placed last. @returns the line of the branches; undefined: there are none */
  branch(outputs: readonly PlanEdge[]): string | undefined {
    const [first, ...others] = outputs;
    if (first === undefined || others.length === 0) return undefined;
    const own = this.#lanes.indexOf(first);
    const lanes = others.map((edge) => this.#claim(edge, own));
    return this.#across(own, lanes, '┬', '╮');
  }

  #lanesTo(vertex: PlanVertex): number[] {
    return this.#lanes.flatMap((edge, i) => (edge?.to === vertex ? [i] : []));
  }

  #claim(edge: PlanEdge, rightOf: number): number {
    const lane = this.#freeLane(rightOf + 1);
    this.#lanes[lane] = edge;
    return lane;
  }

  #freeLane(from = 0): number {
    const free = this.#lanes.findIndex((edge, i) => edge === undefined && i >= from);
    if (free >= 0) return free;
    return this.#lanes.push(undefined) - 1;
  }

  /** A line from lane `from` to the others, over what lies between. */
  #across(from: number, others: readonly number[], middle: string, end: string): string {
    const last = Math.max(...others);
    const glyphs = this.#lanes.map((edge, i) => {
      if (i === from) return '├';
      if (i === last) return end;
      if (others.includes(i)) return middle;
      const isBetween = i > from && i < last;
      if (edge === undefined) return isBetween ? '─' : Glyph.None;
      return isBetween ? '┼' : Glyph.Down;
    });
    return glyphs.map((glyph, i) => (i === 0 ? glyph : (i > from && i <= last ? '─' : ' ') + glyph)).join('');
  }

  #draw(glyphOf: (edge: PlanEdge | undefined, lane: number) => string, gap: string): string {
    return this.#lanes.map(glyphOf).join(gap);
  }

  #trim(): void {
    while (this.#lanes.length > 0 && this.#lanes.at(-1) === undefined) this.#lanes.pop();
  }
}
