/**
 * Flink's own command line, out of Maven Central, for tests. It is Java, so it is used only where Java is.
 *
 * The JARs lie outside of the repository and are fetched on request: `HEADWATER_FLINK_CLI=install`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a call printed, and how it ended. */
export interface Printed {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Messages of the exception and of its causes, without stacks. */
  readonly problems: readonly string[];
}

/** Calls the command line of one version of Flink. */
export type CommandLine = (...args: readonly string[]) => Printed;

const TIMEOUT_MS = 120_000;

/** Flink opens what newer Javas have closed. */
const OPENED = ['lang', 'net', 'io', 'nio', 'text', 'time', 'util', 'util.concurrent'];

/** The command line of a version; undefined where there is no Java, or its JARs were never fetched. */
export function commandLine(version: string): CommandLine | undefined {
  const folder = join(homedir(), '.cache/headwater/flink-cli', version);
  const jars = join(folder, 'lib');
  if (spawnSync('java', ['-version']).status !== 0) return undefined;
  if (process.env['HEADWATER_FLINK_CLI'] === 'install') install(version, folder);
  if (!existsSync(jars)) return undefined;
  const classPath = readdirSync(jars)
    .map((jar) => join(jars, jar))
    .join(':');
  const configuration = join(folder, 'conf');
  mkdirSync(configuration, { recursive: true });
  // The older of the two names is that of 1.20.
  for (const file of ['flink-conf.yaml', 'config.yaml'])
    writeFileSync(join(configuration, file), 'rest.address: localhost\n');
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'].concat(
    OPENED.map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
  );
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(
      'java',
      [...flags, '-cp', classPath, 'org.apache.flink.client.cli.CliFrontend', ...args],
      { env: { ...process.env, FLINK_CONF_DIR: configuration }, encoding: 'utf8', timeout: TIMEOUT_MS },
    );
    return { exitCode: status, stdout, problems: problemsIn(stderr) };
  };
}

function install(version: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const dependency = (group: string, name: string, of: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${of}</version></dependency>`;
  const pom = `<project><modelVersion>4.0.0</modelVersion>
<groupId>headwater</groupId><artifactId>flink-cli</artifactId><version>1</version><dependencies>
${dependency('org.apache.flink', 'flink-clients', version)}
${dependency('org.slf4j', 'slf4j-nop', '1.7.36')}
</dependencies></project>`;
  writeFileSync(join(folder, 'pom.xml'), pom);
  const { status, stderr } = spawnSync(
    'mvn',
    ['-q', '-B', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`Cannot fetch flink-clients ${version}: Maven failed with ${stderr}`);
}

function problemsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => /^(?:Caused by: )?[\w.]+Exception: /.test(line));
}
