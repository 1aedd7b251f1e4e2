import { pathToFileURL } from 'node:url';
import { describeGraph, type GraphDescription } from '../graph/describe-graph.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import { graphHash } from '../graph/graph-hash.ts';
import { jobGraph, type JobGraph } from '../graph/job-graph.ts';
import { adjustedGraph } from './adjusted-graph.ts';
import type { Adjustments } from './adjustments.ts';
import type { ApplicationRef, RunnableApplication } from './application-ref.ts';

/** A program with its configuration, ready to be laid out on slots. */
export interface JobPlan {
  readonly graph: DataflowGraph;
  readonly description: GraphDescription;
  readonly graphHash: string;
}

/** What decides the graph of a job. */
export interface PlanOptions {
  readonly application: ApplicationRef;
  readonly configuration: unknown;
  /** Absent: sources and sinks are as the program says. */
  readonly adjustments?: Adjustments | undefined;
}

/** Imports the program where it has to be, and lets it describe its graph. */
export async function planJob({ application, configuration, adjustments }: PlanOptions): Promise<JobPlan> {
  const program =
    'application' in application ? application.application : await importApplication(application.module);
  // The program checks its configuration itself, by its own schema.
  const graph = program.build(configuration as never);
  const description = describeGraph(graph);
  return {
    graph: adjustments === undefined ? graph : adjustedGraph(graph, adjustments),
    description,
    graphHash: graphHash(description),
  };
}

export function layOut(plan: JobPlan, parallelism: number, maxParallelism: number | undefined): JobGraph {
  return jobGraph(plan.graph, { parallelism, ...(maxParallelism === undefined ? {} : { maxParallelism }) });
}

async function importApplication(module: string): Promise<RunnableApplication> {
  const address = module.startsWith('/') ? pathToFileURL(module).href : module;
  // A module's exports are unknown until they are looked at.
  const { default: program } = (await import(address)) as { readonly default?: Partial<RunnableApplication> };
  if (typeof program?.build !== 'function' || typeof program.name !== 'string') {
    throw new TypeError(
      `Cannot run "${module}": its default export is no application; export what application() gives as default`,
    );
  }
  return program as RunnableApplication;
}
