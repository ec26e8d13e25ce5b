// yeoul plan: draws the graph of a program, a job jar or a job of a server.
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-codes.ts';
import { findJob } from '../find-job.ts';
import { isProgramName } from '../open-program.ts';
import { parseCount } from '../parse-options.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import { toPlanModel } from '../plan/plan-model.ts';
import { planProgram } from '../plan/plan-program.ts';
import { createPrinter, type Printer } from '../print/printer.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { withServer } from '../server-session.ts';

interface PlanFlags extends ServerFlags {
  readonly class?: string;
  readonly parallelism?: number;
}

export function addPlanCommand(program: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(program.command('plan')))
    .summary('draw the graph of a program, a jar or a job')
    .description('Draw the job graph of a program or job jar, which is not run; or of a job of a server.')
    .argument('<program|job>', 'program file or folder, .jar, or name or id of a job')
    .argument('[args...]', "the program's own arguments")
    .option('-p, --parallelism <n>', 'parallelism of the job, unless the program sets it', parseCount)
    .option('-c, --class <entry>', 'entry of the program: the name of an export')
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (named: string, args: string[], flags: PlanFlags) => {
      context.exitCode = await plan(named, args, flags, context);
    });
}

const EXAMPLES = `
Examples:
  $ yeoul plan examples/state-machine
  $ yeoul plan -p 4 job.jar --input book.txt
  $ yeoul plan -m 127.0.0.1:8081 "State machine job"
  $ yeoul plan --json job.ts                        the plan as Flink writes it`;

async function plan(
  named: string,
  args: readonly string[],
  flags: PlanFlags,
  context: CommandContext,
): Promise<number> {
  if (!(await isProgramName(named))) {
    return withServer(flags, context, async (session) => {
      const { jid } = await findJob(session, named);
      printPlan((await session.client.jobs.plan(jid, { signal: session.signal })).plan, flags, session.printer);
      return ExitCode.Ok;
    });
  }
  const request = { named, args, entry: flags.class, parallelism: flags.parallelism };
  printPlan((await planProgram(request, context)).plan, flags, createPrinter(context));
  return ExitCode.Ok;
}

function printPlan(plan: Parameters<typeof toPlanModel>[0], { json }: PlanFlags, printer: Printer): void {
  if (json === true) printer.json({ plan });
  else printer.lines(drawPlan(toPlanModel(plan), printer));
}
