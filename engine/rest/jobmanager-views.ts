/** The process that coordinates the job, in the words of a JobManager. Here it is the worker itself. */
import { jobOf } from './job-lookup.ts';
import { RestError } from './rest-error.ts';
import type { RestContext } from './rest-context.ts';
import type { RestReply, RestRequest } from './router.ts';
import { checkTaskManager } from './task-manager.ts';
import { threadInfos } from './thread-dump.ts';

/** Settings under the names that Flink has for them, and the program's configuration under its own. */
export function jobManagerConfigView(context: RestContext): object {
  const { checkpoints, parallelism, maxParallelism } = context.job.status();
  const settings: Readonly<Record<string, string>> = {
    'execution.checkpointing.interval': `${checkpoints.intervalMs} ms`,
    'execution.checkpointing.timeout': `${checkpoints.timeoutMs} ms`,
    'execution.checkpointing.savepoint-dir': `s3://${context.bucket}/${context.savepointDirectory}`,
    'execution.checkpointing.min-pause': `${context.options.checkpointMinPauseMs ?? 0} ms`,
    'restart-strategy.type': context.options.restart.kind,
    'state.backend.type': context.options.stateBackend ?? 'heap',
    'parallelism.default': String(parallelism),
    'pipeline.max-parallelism': String(maxParallelism),
    ...Object.fromEntries(
      Object.entries(context.configuration).map(([name, value]) => [`configuration.${name}`, value]),
    ),
  };
  return Object.entries(settings).map(([key, value]) => ({ key, value }));
}

/** Flink asks a JVM; ours is Node. There is no class path. */
export function jobManagerEnvironmentView(context: RestContext): object {
  const { version, arch, options } = context.process;
  return { jvm: { version, arch, options }, classpath: [] };
}

export function jobConfigurationView(context: RestContext, request: RestRequest): object {
  jobOf(context, request);
  return jobManagerConfigView(context);
}

export function jobEnvironmentView(context: RestContext, request: RestRequest): object {
  jobOf(context, request);
  return jobManagerEnvironmentView(context);
}

export function logsView(context: RestContext, request: RestRequest): object {
  checkTaskManager(request);
  return {
    logs: context.logs
      .files()
      .map(({ name, sizeBytes, modifiedAtMs }) => ({ name, size: sizeBytes, mtime: modifiedAtMs })),
  };
}

/** The log of the worker, or the one that the path names, as it is. */
export function logText(context: RestContext, request: RestRequest): RestReply {
  checkTaskManager(request);
  const name = request.parameters['file'] ?? context.logs.files()[0]?.name ?? '';
  const text = context.logs.text(name);
  if (text === undefined) {
    const known = context.logs.files().map((file) => `"${file.name}"`);
    throw new RestError(404, `Cannot find log "${name}": there is ${known.join(', ') || 'none'}`);
  }
  return { text, contentType: 'text/plain; charset=utf-8' };
}

/** Where the log is to be had, as a link. */
export function logUrlView(context: RestContext, request: RestRequest): object {
  jobOf(context, request);
  return { url: '/jobmanager/log' };
}

export function threadDumpView(context: RestContext, request: RestRequest): object {
  checkTaskManager(request);
  return { threadInfos: threadInfos(context) };
}
