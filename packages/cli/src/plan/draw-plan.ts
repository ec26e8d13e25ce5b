// Draws a job graph as lines of text: a line for each operator, chains under one dot, edges with their ship strategies.
import { type Paint, plain } from '../print/colours.ts';
import type { TableStyle } from '../print/table.ts';
import { onOneLine, padEnd, truncate, widthOf } from '../print/text-width.ts';
import { EdgeLanes } from './edge-lanes.ts';
import type { PlanEdge, PlanModel, PlanVertex } from './plan-model.ts';

/** As long as commands need to tell the vertices of a job apart. */
const SHOWN_ID_LENGTH = 8;
const MIN_TEXT_WIDTH = 20;

export function drawPlan(plan: PlanModel, { width, paint = plain }: TableStyle): string[] {
  return [headLine(plan, paint), '', ...new PlanDrawing(plan, width, paint).lines()];
}

function headLine({ name, vertices }: PlanModel, paint: Paint): string {
  const tasks = vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
  const counts = `${count(vertices.length, 'vertex', 'vertices')}, ${count(tasks, 'task', 'tasks')}`;
  return `${paint('bold', onOneLine(name))}  ${paint('dim', counts)}`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

class PlanDrawing {
  readonly #plan: PlanModel;
  readonly #width: number | undefined;
  readonly #paint: Paint;
  readonly #lanes = new EdgeLanes();
  readonly #lines: string[] = [];
  readonly #drawn = new Set<PlanVertex>();

  constructor(plan: PlanModel, width: number | undefined, paint: Paint) {
    this.#plan = plan;
    this.#width = width;
    this.#paint = paint;
  }

  lines(): readonly string[] {
    for (const vertex of this.#plan.vertices) this.#draw(vertex);
    if (this.#lines.at(-1) === '') this.#lines.pop();
    return this.#lines;
  }

  #draw(vertex: PlanVertex): void {
    const inputs = this.#plan.edges.filter(({ to }) => to === vertex);
    // Edges back to what is drawn already are told in words alone.
    const outputs = this.#plan.edges.filter(({ from, to }) => from === vertex && to !== vertex && !this.#drawn.has(to));
    this.#drawn.add(vertex);
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) this.#put(this.#lanes.through(), only.strategy, 'cyan');
    const joined = this.#lanes.join(vertex);
    if (joined !== undefined) this.#put(joined, '', undefined);
    this.#putVertex(this.#lanes.place(vertex, outputs), vertex);
    for (const operator of vertex.operators.slice(1)) this.#put(this.#lanes.through(), `→ ${operator}`, undefined);
    if (inputs.length > 1) for (const input of inputs) this.#putInput(input);
    const branches = this.#lanes.branch(outputs);
    if (branches !== undefined) this.#put(branches, '', undefined);
    this.#put(this.#lanes.through(), '', undefined);
  }

  #putVertex(lanes: string, { id, parallelism, operators }: PlanVertex): void {
    const tail = `  ×${parallelism}  ${id.slice(0, SHOWN_ID_LENGTH)}`;
    const room = this.#room(lanes);
    const name = onOneLine(operators[0] ?? '');
    const shown = room === undefined ? name : truncate(name, Math.max(MIN_TEXT_WIDTH, room - widthOf(tail)));
    const paint = this.#paint;
    const text = `${paint('bold', shown)}  ${paint('green', `×${parallelism}`)}  ${paint('dim', id.slice(0, SHOWN_ID_LENGTH))}`;
    this.#lines.push(`${lanes} ${text}`);
  }

  #putInput({ from, strategy }: PlanEdge): void {
    this.#put(this.#lanes.through(), `⇐ ${strategy} from ${from.operators[0] ?? from.id}`, 'cyan');
  }

  #put(lanes: string, text: string, colour: 'cyan' | undefined): void {
    const room = this.#room(lanes);
    const line = onOneLine(text);
    const shown = room === undefined ? line : truncate(line, Math.max(MIN_TEXT_WIDTH, room));
    this.#lines.push(`${padEnd(lanes, 1)} ${this.#paint(colour, shown)}`.trimEnd());
  }

  #room(lanes: string): number | undefined {
    return this.#width === undefined ? undefined : this.#width - widthOf(lanes) - 1;
  }
}
