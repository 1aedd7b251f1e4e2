import type { JobStatusView } from '../runtime/job-status.ts';

/** The job graph in the form from which Flink's clients draw it. */
export function plan(job: JobStatusView): object {
  const nodes = job.vertices.map((vertex) => ({
    id: vertex.id,
    operator: '',
    parallelism: vertex.parallelism,
    operator_strategy: '',
    description: escapeHtml(vertex.name),
    optimizer_properties: {},
    inputs: vertex.inputs.map((input, num) => ({
      id: input.vertexId,
      num,
      exchange: 'pipelined_bounded',
      ship_strategy: input.exchange.toUpperCase(),
    })),
  }));
  return { jid: job.id, name: job.name, type: 'STREAMING', nodes };
}

// Flink's own console puts the text into a page as it is.
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
